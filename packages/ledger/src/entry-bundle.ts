import { LedgerError } from './ledger-error.ts';
import { TILE_WIDTH } from './tile-path.ts';

const MAX_ENTRY = 0xffff;

/**
 * Entries as a bundle: each with its length in front, 16 bits big-endian. C2SP tlog-tiles, "Log entries".
 *
 * @throws LedgerError `bundle-malformed` for more than 256 entries, none, or one above 65,535 bytes
 */
export function entryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > TILE_WIDTH) {
    throw malformed(`a bundle holds 1 to ${TILE_WIDTH} entries, not ${entries.length}`);
  }
  let length = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY) throw malformed(`an entry of ${entry.length} bytes is above ${MAX_ENTRY}`);
    length += 2 + entry.length;
  }
  const bundle = new Uint8Array(length);
  let at = 0;
  for (const entry of entries) {
    bundle[at] = entry.length >> 8;
    bundle[at + 1] = entry.length & 0xff;
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}

/**
 * The entries of a bundle, as views into it.
 *
 * @throws LedgerError `bundle-malformed`
 */
export function parseEntryBundle(bundle: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bundle.length) {
    const high = bundle[at];
    const low = bundle[at + 1];
    if (high === undefined || low === undefined) throw malformed('the last length is cut off');
    const end = at + 2 + high * 256 + low;
    if (end > bundle.length) throw malformed('the last entry is cut off');
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  if (entries.length < 1 || entries.length > TILE_WIDTH) {
    throw malformed(`a bundle holds 1 to ${TILE_WIDTH} entries, not ${entries.length}`);
  }
  return entries;
}

function malformed(why: string): LedgerError {
  return new LedgerError('bundle-malformed', `entry bundle is malformed: ${why}`);
}
