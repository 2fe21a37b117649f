import { type Hash, utf8 } from '@writ/core';

/** Consonants that nobody takes for one another, and that make no words (RFC 8628 §6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
/** Letters before the one that checks them: 47 bits. */
const LENGTH = 11;
const GROUP = 4;

/**
 * What a person types of a device code: `BCDF-GHJK-LMNP`. The last letter checks the others, so that a slip is noticed: one
 * wrong letter, or two neighbours exchanged.
 */
export function userCodeOf(sha256: Hash, deviceCode: string): string {
  const letters = [...sha256(utf8(`writ/user-code/1\n${deviceCode}`))]
    .slice(0, LENGTH * 2)
    // Two bytes a letter: 65,536 is a multiple of 20 but for 16, which nobody can use.
    .reduce<number[]>((pairs, byte, i) => {
      const half = Math.floor(i / 2);
      pairs[half] = (pairs[half] ?? 0) * 256 + byte;
      return pairs;
    }, [])
    .map((value) => LETTERS.charAt(value % LETTERS.length))
    .join('');
  return grouped(letters + checkOf(letters));
}

/** A code as it is shown, from what somebody typed; null for what cannot be one. */
export function readUserCode(typed: string): string | null {
  const letters = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  const known = [...letters].every((letter) => LETTERS.includes(letter));
  if (letters.length !== LENGTH + 1 || !known || checkOf(letters.slice(0, LENGTH)) !== letters.at(-1)) return null;
  return grouped(letters);
}

/** Weights that have no factor in common with 20 tell each letter, and differences of neighbours that have none tell their order. */
function checkOf(letters: string): string {
  let sum = 0;
  for (const letter of letters) sum = (sum * 3 + LETTERS.indexOf(letter)) % LETTERS.length;
  return LETTERS.charAt(sum);
}

function grouped(letters: string): string {
  const groups = [];
  for (let at = 0; at < letters.length; at += GROUP) groups.push(letters.slice(at, at + GROUP));
  return groups.join('-');
}
