import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CREDENTIAL_CLASSES,
  decodeLeaf,
  encodeHex,
  encodeLeaf,
  type Hash,
  LEAF_SIZE,
  LEAF_TYPE_NAMES,
  LEAF_TYPES,
  type Leaf,
  LedgerError,
  leafTypeOf,
  recordCommitment,
  tbsDigest,
} from './index.ts';

const hash: Hash = (data) => createHash('sha256').update(data).digest();

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof LedgerError ? error.code : String(error);
  }
  return 'accepted';
}

const issue: Leaf = {
  type: 'issue',
  timeMs: 0x0123456789ab,
  credentialClass: 'token',
  dev: true,
  unattended: true,
  identityTag: new Uint8Array(16).fill(0xaa),
  record: new Uint8Array(32).fill(0xbb),
  tbs: new Uint8Array(32).fill(0xcc),
};
const revoke: Leaf = { ...issue, type: 'revoke', dev: false, unattended: false, tbs: null };
const freeze: Leaf = { ...revoke, type: 'freeze', credentialClass: 'none', identityTag: null };

const someBytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => bytes.with(0, bytes[0]! | 1));

/** Any leaf that the table allows. */
const anyLeaf: fc.Arbitrary<Leaf> = fc.constantFrom(...LEAF_TYPE_NAMES).chain((type) => {
  const uses = LEAF_TYPES[type];
  const flag = (use: string): fc.Arbitrary<boolean> => (use === 'never' ? fc.constant(false) : fc.boolean());
  const field = (use: string, length: number): fc.Arbitrary<Uint8Array | null> =>
    use === 'always' ? someBytes(length) : use === 'never' ? fc.constant(null) : fc.option(someBytes(length));
  const classes = CREDENTIAL_CLASSES.filter((name) =>
    uses.credentialClass === 'always' ? name !== 'none' : uses.credentialClass === 'may' || name === 'none',
  );
  return fc.record({
    type: fc.constant(type),
    timeMs: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    credentialClass: fc.constantFrom(...classes),
    dev: flag(uses.dev),
    unattended: flag(uses.unattended),
    identityTag: field(uses.identityTag, 16),
    record: someBytes(32),
    tbs: field(uses.tbs, 32),
  });
});

describe('leaf', () => {
  test('it is 90 bytes in the order of the design', () => {
    expect(encodeHex(encodeLeaf(issue))).toBe(
      `01010123456789ab0301${'aa'.repeat(16)}${'bb'.repeat(32)}${'cc'.repeat(32)}`,
    );
    expect(encodeLeaf(issue)).toHaveLength(LEAF_SIZE);
  });

  test('the table of types is the one of the design', () => {
    const numbers = Object.fromEntries(LEAF_TYPE_NAMES.map((name) => [LEAF_TYPES[name].number, name]));
    expect(numbers).toEqual({
      1: 'issue',
      2: 'abort',
      3: 'delivery',
      4: 'revoke',
      5: 'freeze',
      6: 'unfreeze',
      7: 'approval',
      8: 'artefacts',
      9: 'key',
      11: 'erasure',
      12: 'recovery',
      13: 'prune',
      15: 'identity',
      16: 'person',
      17: 'decision',
    });
    expect(Object.keys(LEAF_TYPES).sort()).toEqual([...LEAF_TYPE_NAMES].sort());
    for (const number of [0, 10, 14, 18, 255]) expect(leafTypeOf(number)).toBeNull();
  });

  test('every leaf the table allows reads back', () => {
    fc.assert(
      fc.property(anyLeaf, (leaf) => {
        const bytes = encodeLeaf(leaf);
        expect(decodeLeaf(bytes)).toEqual(leaf);
        expect(encodeHex(encodeLeaf(decodeLeaf(bytes)))).toBe(encodeHex(bytes));
      }),
      { numRuns: 300 },
    );
  });

  test('any change of any byte is refused or makes the one spelling of another leaf', () => {
    const near = fc.tuple(anyLeaf, fc.nat({ max: LEAF_SIZE - 1 }), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(near, ([leaf, at, mask]) => {
        const bytes = encodeLeaf(leaf);
        bytes[at] = bytes[at]! ^ mask;
        fc.pre(code(() => decodeLeaf(bytes)) === 'accepted');
        expect(encodeHex(encodeLeaf(decodeLeaf(bytes)))).toBe(encodeHex(bytes));
        expect(decodeLeaf(bytes)).not.toEqual(leaf);
      }),
      { numRuns: 1000 },
    );
  });

  test('every bit of version, type and flags that means nothing is refused', () => {
    const bytes = encodeLeaf(freeze);
    const accepted: string[] = [];
    for (const at of [0, 1, 8, 9]) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = bytes.with(at, bytes[at]! ^ (1 << bit));
        if (code(() => decodeLeaf(changed)) !== 'leaf-malformed')
          accepted.push(`${at}: ${decodeLeaf(changed).type}`);
      }
    }
    // One bit away from freeze (5) lie approval (7) and prune (13), which may look the same otherwise.
    expect(accepted).toEqual(['1: approval', '1: prune']);
  });

  test('L5 a leaf has no room: any other length is refused', () => {
    const bytes = encodeLeaf(issue);
    for (let length = 0; length < LEAF_SIZE; length++) {
      expect(code(() => decodeLeaf(bytes.subarray(0, length)))).toBe('leaf-malformed');
    }
    expect(code(() => decodeLeaf(Buffer.concat([bytes, Buffer.of(0)])))).toBe('leaf-malformed');
  });

  test('L5 fields a type does not use must be zero, and those it needs must not', () => {
    for (const bad of [
      { ...freeze, tbs: issue.tbs },
      { ...freeze, dev: true },
      { ...freeze, unattended: true },
      { ...freeze, credentialClass: 'token' as const },
      { ...revoke, identityTag: null },
      { ...revoke, tbs: issue.tbs },
      { ...issue, tbs: null },
      { ...issue, identityTag: null },
      { ...issue, credentialClass: 'none' as const },
    ]) {
      expect(code(() => encodeLeaf(bad))).toBe('leaf-malformed');
    }
    const stuffed = encodeLeaf(freeze);
    for (let at = 58; at < 90; at++) {
      expect(code(() => decodeLeaf(stuffed.with(at, 1)))).toBe('leaf-malformed');
    }
  });

  test('values of another length, or of zeroes, are refused', () => {
    for (const bad of [
      { ...issue, identityTag: new Uint8Array(15).fill(1) },
      { ...issue, identityTag: new Uint8Array(16) },
      { ...issue, record: new Uint8Array(31).fill(1) },
      { ...issue, record: new Uint8Array(32) },
      { ...issue, tbs: new Uint8Array(33).fill(1) },
      { ...issue, tbs: new Uint8Array(32) },
    ]) {
      expect(code(() => encodeLeaf(bad))).toBe('leaf-malformed');
    }
    const bytes = encodeLeaf(issue);
    for (const [from, to] of [
      [10, 26],
      [26, 58],
      [58, 90],
    ] as const) {
      expect(code(() => decodeLeaf(Uint8Array.from(bytes).fill(0, from, to)))).toBe('leaf-malformed');
    }
  });

  test('times outside 48 bits are refused', () => {
    for (const timeMs of [-1, 0.5, Number.NaN, 2 ** 48, 2 ** 53]) {
      expect(code(() => encodeLeaf({ ...issue, timeMs }))).toBe('leaf-malformed');
    }
    expect(decodeLeaf(encodeLeaf({ ...issue, timeMs: 2 ** 48 - 1 })).timeMs).toBe(2 ** 48 - 1);
  });

  test('a decoded leaf does not change with the memory it was read from', () => {
    const bytes = encodeLeaf(issue);
    const leaf = decodeLeaf(bytes);
    bytes.fill(0);
    expect(leaf).toEqual(issue);
  });
});

describe('tbsDigest', () => {
  const bytes = Buffer.from('header.payload');

  test('it is SHA-256 over the domain of its kind and the bytes', () => {
    for (const kind of ['jwt', 'x509', 'ssh', 'secret'] as const) {
      const expected = createHash('sha256').update(`writ/tbs/${kind}/1\n`).update(bytes).digest('hex');
      expect(encodeHex(tbsDigest(hash, kind, bytes))).toBe(expected);
    }
  });

  test('the same bytes of two kinds are two credentials', () => {
    const digests = (['jwt', 'x509', 'ssh', 'secret'] as const).map((kind) =>
      encodeHex(tbsDigest(hash, kind, bytes)),
    );
    expect(new Set(digests).size).toBe(4);
  });

  test('T20 the other valid ECDSA signature over the same signing input has the same digest', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signature = sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
    const s = order - BigInt(`0x${signature.subarray(32).toString('hex')}`);
    const other = Buffer.concat([
      signature.subarray(0, 32),
      Buffer.from(s.toString(16).padStart(64, '0'), 'hex'),
    ]);
    for (const one of [signature, other]) {
      expect(verify('sha256', bytes, { key: publicKey, dsaEncoding: 'ieee-p1363' }, one)).toBe(true);
    }
    const tokens = [signature, other].map((one) => `${bytes.toString()}.${one.toString('base64url')}`);
    expect(tokens[0]).not.toBe(tokens[1]);
    const digests = tokens.map((token) => {
      const input = token.slice(0, token.lastIndexOf('.'));
      return encodeHex(tbsDigest(hash, 'jwt', Buffer.from(input)));
    });
    expect(digests[0]).toBe(digests[1]);
  });
});

describe('recordCommitment', () => {
  test('it is SHA-256 over salt and record, and hides the record behind the salt', () => {
    const record = Buffer.from('{}');
    const salt = new Uint8Array(32).fill(1);
    const expected = createHash('sha256').update(salt).update(record).digest('hex');
    expect(encodeHex(recordCommitment(hash, salt, record))).toBe(expected);
    expect(encodeHex(recordCommitment(hash, salt.with(31, 2), record))).not.toBe(expected);
  });

  test('a salt of another length is refused, as it would let bytes move between salt and record', () => {
    for (const length of [0, 16, 31, 33]) {
      expect(code(() => recordCommitment(hash, new Uint8Array(length), Buffer.from('{}')))).toBe(
        'record-malformed',
      );
    }
  });
});
