import { cborMap, type Writable, writeCbor } from '@writ/testkit/passkeys';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvidenceError } from '../evidence-error.ts';
import { type Cbor, isCborMap, parseCbor, readCbor } from './cbor.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

/** RFC 8949, appendix A, as far as authenticators write it. */
const VECTORS: readonly (readonly [text: string, value: Writable])[] = [
  ['00', 0],
  ['17', 23],
  ['1818', 24],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['20', -1],
  ['29', -10],
  ['3863', -100],
  ['3903e7', -1000],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['40', Buffer.alloc(0)],
  ['4401020304', Buffer.of(1, 2, 3, 4)],
  ['60', ''],
  ['6449455446', 'IETF'],
  ['62c3bc', 'ü'],
  ['64f0908591', '\u{10151}'],
  ['80', []],
  ['83010203', [1, 2, 3]],
  ['8301820203820405', [1, [2, 3], [4, 5]]],
  ['a0', cborMap([])],
  [
    'a201020304',
    cborMap([
      [1, 2],
      [3, 4],
    ]),
  ],
  [
    'a26161016162820203',
    cborMap([
      ['a', 1],
      ['b', [2, 3]],
    ]),
  ],
  ['826161a161626163', ['a', cborMap([['b', 'c']])]],
];

/** Texts that another reader takes for something, or that say what no authenticator says. */
const MALFORMED: readonly (readonly [rule: string, text: string])[] = [
  ['nothing', ''],
  ['a byte behind', '0000'],
  ['a number of one byte that fits in the head', '1817'],
  ['a number of two bytes that fits in one', '1900ff'],
  ['a number of four bytes that fits in two', '1a0000ffff'],
  ['a number of eight bytes that fits in four', '1b00000000ffffffff'],
  ['a length that is spelled too long', '580101'],
  ['a count that is spelled too long', 'b80101020304'],
  ['a number that a double does not hold', '1b001fffffffffffff'],
  ['the greatest number of all', '1bffffffffffffffff'],
  ['the least number of all', '3bffffffffffffffff'],
  ['bytes without a definite length', '5f42010243030405ff'],
  ['a text without a definite length', '7f61616162ff'],
  ['a list without a definite length', '9f0102ff'],
  ['a map without a definite length', 'bf0102ff'],
  ['a break alone', 'ff'],
  ['a reserved length', '1c'],
  ['a tag', 'c11a514b67b0'],
  ['a tag around a map', 'd9d9f7a0'],
  ['`undefined`', 'f7'],
  ['a simple value that nobody assigned', 'f0'],
  ['`true` in two bytes', 'f815'],
  ['a half float', 'f93c00'],
  ['a float', 'fa47c35000'],
  ['a double', 'fb3ff199999999999a'],
  ['a number cut short', '19ff'],
  ['bytes cut short', '4401'],
  ['bytes longer than can be', '5b0000ffffffffffff'],
  ['a list that claims a billion members', '9a3b9aca00'],
  ['a map without its last value', 'a101'],
  ['a key twice', 'a201020103'],
  ['a text key twice', 'a2616101616102'],
  ['a key that is a list', 'a18001'],
  ['a key that is bytes', 'a1410101'],
  ['a key that is true', 'a1f501'],
  ['text that is not utf-8', '62c328'],
  ['half a surrogate pair', '63eda080'],
  ['overlong utf-8', '62c080'],
  ['nesting of five', '8181818180'],
  ['nesting of five in maps', 'a101a101a101a101a0'],
];

describe('parseCbor', () => {
  test.each(VECTORS)('reads %s', (text, value) => {
    expect(parseCbor(hex(text))).toEqual(plain(value));
    expect(writeCbor(value).toString('hex')).toBe(text);
  });

  test.each(MALFORMED)('F14 T6 refuses %s', (_rule, text) => {
    expect(() => parseCbor(hex(text))).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  test('keeps a number and a text of the same letters apart', () => {
    expect(parseCbor(hex('a20101613102'))).toEqual(
      new Map<number | string, number>([
        [1, 1],
        ['1', 2],
      ]),
    );
  });

  test('T18 a key named `__proto__` is a key', () => {
    const map = parseCbor(
      writeCbor(
        cborMap([
          ['__proto__', 1],
          ['constructor', 2],
        ]),
      ),
    );
    expect(isCborMap(map) && map.get('__proto__')).toBe(1);
    expect(isCborMap(map) && map.get('toString')).toBeUndefined();
  });

  test('reads nesting of four', () => {
    expect(parseCbor(hex('81818180'))).toEqual([[[[]]]]);
  });

  test('F14 reads 6 KiB of brackets in bounded work', () => {
    expect(() => parseCbor(Buffer.alloc(6144, 0x81))).toThrow('nests deeper than 4');
  });

  test('reads what the writer writes', () => {
    fc.assert(
      fc.property(writable, (value) => {
        expect(parseCbor(writeCbor(value))).toEqual(plain(value));
      }),
    );
  });

  test('T6 has one text for each value but for the order of keys: what it reads, the writer writes again', () => {
    const spoilt = fc
      .tuple(writable, fc.nat(), fc.nat(255), fc.boolean())
      .map(([value, at, byte, cut]) => spoil(writeCbor(value), at, byte, cut));
    fc.assert(
      fc.property(
        fc.oneof(
          spoilt,
          fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes)),
        ),
        (bytes) => {
          const read = parsedOrNull(bytes);
          return read === null || writeCbor(writableOf(read.value)).equals(bytes);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('readCbor', () => {
  test('says where the item ends and leaves what follows alone', () => {
    expect(readCbor(hex('ffa10102ff'), 1)).toEqual({ value: new Map([[1, 2]]), end: 4 });
  });
});

const scalar = fc.oneof(
  fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);

/** Any value, three levels deep at most. */
const writable: fc.Arbitrary<Writable> = fc.letrec<{ value: Writable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .uniqueArray(fc.tuple(fc.oneof(fc.integer(), fc.string({ maxLength: 4 })), tie('value')), {
        maxLength: 4,
        selector: ([key]) => key,
      })
      .map(cborMap),
  ),
})).value;

function spoil(bytes: Buffer, at: number, byte: number, cut: boolean): Buffer {
  const spoilt = Buffer.from(bytes);
  spoilt.writeUInt8(byte, at % bytes.length);
  return cut ? spoilt.subarray(0, -1) : spoilt;
}

function parsedOrNull(bytes: Buffer): { readonly value: Cbor } | null {
  try {
    return { value: parseCbor(bytes) };
  } catch (error) {
    if (error instanceof EvidenceError && error.code === 'malformed') return null;
    throw error;
  }
}

/** What the reader makes of what the writer was given. */
function plain(value: Writable): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (isList(value)) return value.map((member) => plain(member));
  return new Map(value.entries.map(([key, member]) => [key, plain(member)]));
}

function writableOf(value: Cbor): Writable {
  if (isCborMap(value)) return cborMap([...value].map(([key, member]) => [key, writableOf(member)] as const));
  return isList(value) ? value.map((member) => writableOf(member)) : value;
}

function isList<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value);
}
