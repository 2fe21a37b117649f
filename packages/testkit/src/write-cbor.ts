/** What the writer writes. */
export type Writable = number | string | boolean | null | Uint8Array | readonly Writable[] | CborEntries;

/** A map. Its entries stay in their order, and may repeat a key. */
export interface CborEntries {
  readonly entries: readonly (readonly [key: Writable, value: Writable])[];
}

export function cborMap(entries: CborEntries['entries']): CborEntries {
  return { entries };
}

/** CBOR (RFC 8949) with shortest lengths. It shares nothing with the reader that it is there to test. */
export function writeCbor(value: Writable): Buffer {
  if (value === false) return Buffer.of(0xf4);
  if (value === true) return Buffer.of(0xf5);
  if (value === null) return Buffer.of(0xf6);
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return withLength(3, Buffer.from(value));
  if (value instanceof Uint8Array) return withLength(2, value);
  if (isList(value)) return Buffer.concat([head(4, value.length), ...value.map(writeCbor)]);
  const { entries } = value;
  return Buffer.concat([head(5, entries.length), ...entries.flat().map(writeCbor)]);
}

function isList(value: readonly Writable[] | CborEntries): value is readonly Writable[] {
  return Array.isArray(value);
}

function withLength(major: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([head(major, bytes.length), bytes]);
}

function head(major: number, argument: number): Buffer {
  const top = major << 5;
  if (argument < 24) return Buffer.of(top | argument);
  const size = argument < 2 ** 8 ? 1 : argument < 2 ** 16 ? 2 : argument < 2 ** 32 ? 4 : 8;
  const bytes = Buffer.alloc(1 + size);
  bytes.writeUInt8(top | (24 + Math.log2(size)));
  if (size === 8) bytes.writeBigUInt64BE(BigInt(argument), 1);
  else bytes.writeUIntBE(argument, 1, size);
  return bytes;
}
