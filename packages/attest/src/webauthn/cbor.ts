import { isUtf8 } from 'node:buffer';
import { EvidenceError } from '../evidence-error.ts';

export type Cbor = number | boolean | null | string | Buffer | readonly Cbor[] | CborMap;
export type CborMap = ReadonlyMap<number | string, Cbor>;

const DEEPEST = 4;
/** Values of major type 7 (RFC 8949 §3.3). Floats, `undefined` and breaks are not among them. */
const SIMPLE: ReadonlyMap<number, boolean | null> = new Map([
  [20, false],
  [21, true],
  [22, null],
]);
/** Bytes of the argument behind the head, by its low five bits (RFC 8949 §3), with the least value that needs so many. */
const ARGUMENTS: ReadonlyMap<number, { readonly bytes: number; readonly least: number }> = new Map([
  [24, { bytes: 1, least: 24 }],
  [25, { bytes: 2, least: 0x100 }],
  [26, { bytes: 4, least: 0x1_0000 }],
  [27, { bytes: 8, least: 0x1_0000_0000 }],
]);

/**
 * CBOR (RFC 8949) that has one reading, as authenticators write it (CTAP 2.1, section 8): shortest lengths, none
 * indefinite, no tags or floats, map keys that are whole numbers or texts and come once, valid UTF-8, nesting of 4 at
 * most. The order of keys is not looked at. Nothing may follow.
 *
 * @throws EvidenceError `malformed`
 */
export function parseCbor(bytes: Buffer): Cbor {
  const { value, end } = readCbor(bytes, 0);
  if (end !== bytes.length) throw malformed(`goes on after its end at ${end}`);
  return value;
}

/** One item that starts at `at`, and where it ends. @throws EvidenceError `malformed` */
export function readCbor(bytes: Buffer, at: number): { readonly value: Cbor; readonly end: number } {
  const cursor: Cursor = { bytes, at };
  return { value: readItem(cursor, 0), end: cursor.at };
}

export function isCborMap(value: Cbor | undefined): value is CborMap {
  return value instanceof Map;
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

function readItem(cursor: Cursor, depth: number): Cbor {
  const [head = 0] = take(cursor, 1);
  const low = head & 0x1f;
  switch (head >> 5) {
    case 0:
      return readArgument(cursor, low);
    case 1:
      return -1 - readArgument(cursor, low);
    case 2:
      return take(cursor, readArgument(cursor, low));
    case 3:
      return readText(cursor, low);
    case 4:
      return readList(cursor, low, depth + 1);
    case 5:
      return readMap(cursor, low, depth + 1);
    default:
      return readSimple(cursor, head);
  }
}

/** A whole number: the value itself, or a length. */
function readArgument(cursor: Cursor, low: number): number {
  if (low < 24) return low;
  const size = ARGUMENTS.get(low);
  if (size === undefined) throw malformed(`has a length that is not definite before ${cursor.at}`);
  const digits = take(cursor, size.bytes);
  const value =
    size.bytes === 8
      ? digits.readUInt32BE(0) * 0x1_0000_0000 + digits.readUInt32BE(4)
      : digits.readUIntBE(0, size.bytes);
  if (value < size.least) throw malformed(`spells a number too long before ${cursor.at}`);
  // One less than the greatest: -1 - value must be as exact.
  if (value >= Number.MAX_SAFE_INTEGER) throw malformed(`holds a number out of range before ${cursor.at}`);
  return value;
}

function readText(cursor: Cursor, low: number): string {
  const bytes = take(cursor, readArgument(cursor, low));
  if (!isUtf8(bytes)) throw malformed(`holds bytes that are not utf-8 before ${cursor.at}`);
  return bytes.toString('utf8');
}

function readList(cursor: Cursor, low: number, depth: number): readonly Cbor[] {
  const count = readCount(cursor, low, depth);
  const list: Cbor[] = [];
  for (let i = 0; i < count; i++) list.push(readItem(cursor, depth));
  return list;
}

function readMap(cursor: Cursor, low: number, depth: number): CborMap {
  const count = readCount(cursor, low, depth);
  const map = new Map<number | string, Cbor>();
  for (let i = 0; i < count; i++) {
    const key = readItem(cursor, depth);
    if (typeof key !== 'number' && typeof key !== 'string') {
      throw malformed(`has a key that is no whole number or text before ${cursor.at}`);
    }
    if (map.has(key)) throw malformed(`has a key twice: \`${key}\``);
    map.set(key, readItem(cursor, depth));
  }
  return map;
}

/** How many items follow. Each takes a byte at least, so what is there bounds the work. */
function readCount(cursor: Cursor, low: number, depth: number): number {
  if (depth > DEEPEST) throw malformed(`nests deeper than ${DEEPEST}`);
  return readArgument(cursor, low);
}

function readSimple(cursor: Cursor, head: number): boolean | null {
  const value = head >> 5 === 7 ? SIMPLE.get(head & 0x1f) : undefined;
  if (value === undefined) throw malformed(`holds a tag, a float or an unknown value before ${cursor.at}`);
  return value;
}

function take(cursor: Cursor, length: number): Buffer {
  const end = cursor.at + length;
  if (end > cursor.bytes.length) throw malformed('ends inside an item');
  const taken = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return taken;
}

function malformed(why: string): EvidenceError {
  return new EvidenceError('malformed', `cbor ${why}`);
}
