import { type Hash, utf8 } from '@writ/core';

/** Consonants that nobody takes for one another, and that make no words (RFC 8628 §6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
/** Letters before the one that checks them: 47 bits. */
const LENGTH = 11;
const GROUP = 4;

/**
 * What a person types of a device code: `BCDF-GHJK-LMNP`. The last letter checks the others: it shows one wrong letter
 * always, and two neighbours exchanged nearly always.
 */
export function userCodeOf(sha256: Hash, deviceCode: string): string {
  const digest = sha256(utf8(`writ/user-code/1\n${deviceCode}`));
  let letters = '';
  // Two bytes a letter, so that 20 goes into what they count with next to nothing left.
  for (let i = 0; i < LENGTH; i++) {
    const value = (digest[2 * i] ?? 0) * 256 + (digest[2 * i + 1] ?? 0);
    letters += LETTERS.charAt(value % LETTERS.length);
  }
  return grouped(letters + checkOf(letters));
}

/** A code as it is shown, from what somebody typed; null for what cannot be one. */
export function readUserCode(typed: string): string | null {
  const letters = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  if (letters.length !== LENGTH + 1) return null;
  for (const letter of letters) if (!LETTERS.includes(letter)) return null;
  return checkOf(letters.slice(0, LENGTH)) === letters.at(-1) ? grouped(letters) : null;
}

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
