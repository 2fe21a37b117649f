import { LedgerError } from './ledger-error.ts';

const DIGITS = '0123456789abcdef';

/** Lower-case hexadecimal. */
export function encodeHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15);
  return text;
}

/**
 * Bytes of lower-case hexadecimal of even length; there is one spelling only.
 *
 * @throws LedgerError `hex-malformed`
 */
export function decodeHex(text: string): Uint8Array {
  if (text.length % 2 !== 0) throw new LedgerError('hex-malformed', 'hex has an odd number of digits');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = digit(text, 2 * i) * 16 + digit(text, 2 * i + 1);
  return bytes;
}

function digit(text: string, at: number): number {
  const value = DIGITS.indexOf(text.charAt(at));
  if (value < 0) throw new LedgerError('hex-malformed', `hex digit ${at} is not one of 0-9 a-f`);
  return value;
}
