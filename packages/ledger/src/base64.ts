import { LedgerError } from './ledger-error.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Every two letters, by their twelve bits. */
const PAIRS: readonly string[] = Array.from(
  { length: 4096 },
  (_, value) => ALPHABET.charAt(value >> 6) + ALPHABET.charAt(value & 63),
);
const INVALID = 255;
const VALUES: Uint8Array = valuesOf(ALPHABET);

/** Standard base64 with padding. RFC 4648 §4. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  const whole = bytes.length - (bytes.length % 3);
  for (let i = 0; i < whole; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += pair(group >> 12) + pair(group & 0xfff);
  }
  const first = bytes[whole] ?? 0;
  if (bytes.length - whole === 1) return `${text}${letter(first >> 2)}${letter(first << 4)}==`;
  if (bytes.length - whole === 2) {
    const group = (first << 8) | (bytes[whole + 1] ?? 0);
    return `${text}${letter(group >> 10)}${letter(group >> 4)}${letter(group << 2)}=`;
  }
  return text;
}

/**
 * Bytes of canonical base64: standard alphabet, padding required, unused bits zero, nothing between. Two
 * spellings of the same bytes would be two receipts for one issuance. RFC 4648 §3.5, §4.
 *
 * @throws LedgerError `base64-malformed`
 */
export function decodeBase64(text: string): Uint8Array {
  const length = text.length;
  if (length % 4 !== 0) throw malformed('length is not a multiple of 4');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  let at = 0;
  for (let i = 0; i < length; i += 4) {
    const pad = i + 4 === length ? padding : 0;
    const a = valueAt(text, i);
    const b = valueAt(text, i + 1);
    const c = pad === 2 ? 0 : valueAt(text, i + 2);
    const d = pad > 0 ? 0 : valueAt(text, i + 3);
    if ((pad === 2 && (b & 15) !== 0) || (pad === 1 && (c & 3) !== 0)) throw malformed('unused bits are set');
    bytes[at++] = (a << 2) | (b >> 4);
    if (pad < 2) bytes[at++] = (b << 4) | (c >> 2);
    if (pad < 1) bytes[at++] = (c << 6) | d;
  }
  return bytes;
}

function pair(value: number): string {
  return PAIRS[value] ?? '';
}

function letter(value: number): string {
  return ALPHABET.charAt(value & 63);
}

function valueAt(text: string, at: number): number {
  const value = VALUES[text.charCodeAt(at)] ?? INVALID;
  if (value === INVALID) throw malformed(`character ${at} is not of the standard alphabet`);
  return value;
}

function valuesOf(alphabet: string): Uint8Array {
  const values = new Uint8Array(128).fill(INVALID);
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
}

function malformed(why: string): LedgerError {
  return new LedgerError('base64-malformed', `base64 is malformed: ${why}`);
}
