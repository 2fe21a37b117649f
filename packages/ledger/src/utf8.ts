import { LedgerError } from './ledger-error.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * UTF-8 of a string. A lone surrogate has no UTF-8 and is refused, never replaced: two different strings
 * must not become the same signed bytes.
 *
 * @throws LedgerError `utf8-malformed`
 */
export function encodeUtf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new LedgerError('utf8-malformed', 'the text holds a lone surrogate');
  return encoder.encode(text);
}

/**
 * The string of strict UTF-8: no overlong forms, surrogates, or points above U+10FFFF. RFC 3629 §3.
 *
 * @throws LedgerError `utf8-malformed`
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new LedgerError('utf8-malformed', 'the bytes are not UTF-8');
  }
}
