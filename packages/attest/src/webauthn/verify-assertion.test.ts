import { createHash, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { type Assertion, approvalChallenge, type Decided } from '@writ/core';
import {
  cborMap,
  createSoftwarePasskey,
  FLAGS,
  HOSTILE_ASSERTIONS,
  otherEcdsaSignature,
  type SoftwarePasskey,
} from '@writ/testkit/passkeys';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvidenceError } from '../evidence-error.ts';
import { verifyAssertion } from './verify-assertion.ts';

const page = { rpId: 'writ.acme.example', origin: 'https://writ.acme.example' };
const challenge = Buffer.alloc(32, 7);
const passkeys = (['ES256', 'EdDSA', 'RS256'] as const).map((alg) => createSoftwarePasskey({ ...page, alg }));
const [ec, ed, rsa] = passkeys as [SoftwarePasskey, SoftwarePasskey, SoftwarePasskey];
const { UP, UV, BE, BS } = FLAGS;

const expected = ({ publicJwk }: SoftwarePasskey) => ({ ...page, challenge, publicJwk });
const refusal = (code: string) => expect.objectContaining({ name: 'EvidenceError', code });

describe('verifyAssertion', () => {
  test.each(passkeys)('accepts an assertion of $alg and says what it counts', (passkey) => {
    expect(verifyAssertion(passkey.assert(challenge), expected(passkey))).toEqual({ signCount: 0 });
    const counted = passkey.assert(challenge, { signCount: 0xfffffffe });
    expect(verifyAssertion(counted, expected(passkey))).toEqual({ signCount: 0xfffffffe });
  });

  test.each([
    ['a copy of what may be copied', { flags: UP | UV | BE | BS }],
    ['one that may be copied and is not', { flags: UP | UV | BE }],
    ['bits that are reserved', { flags: UP | UV | 0x22 }],
    ['extensions', { extensions: cborMap([['uvm', [[2, 4, 2]]]]) }],
    ['members that a later browser adds', { clientData: { extraData: { any: ['thing'] } } }],
    ['no word about frames', { clientData: { crossOrigin: undefined } }],
  ])('accepts %s', (_rule, otherwise) => {
    expect(verifyAssertion(ec.assert(challenge, otherwise), expected(ec))).toEqual({ signCount: 0 });
  });

  for (const passkey of passkeys) {
    test.each(HOSTILE_ASSERTIONS)(`E2 refuses an assertion of ${passkey.alg} $name`, ({ code, make }) => {
      expect(() => verifyAssertion(make(passkey, challenge), expected(passkey))).toThrow(refusal(code));
    });
  }

  test.each(passkeys)('F3 refuses the assertion of $alg for every other challenge', (passkey) => {
    const assertion = passkey.assert(challenge);
    for (let bit = 0; bit < 256; bit++) {
      const other = Buffer.from(challenge);
      other.writeUInt8(other.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const otherwise = { ...expected(passkey), challenge: other };
      expect(() => verifyAssertion(assertion, otherwise)).toThrow(refusal('claim'));
    }
  });

  test('F2 F3 an approval is of one plan, one run, one person, one decision and one nonce', () => {
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
    const decided: Decided = {
      digest: 'ab'.repeat(32),
      run: 'run_1',
      rule: 'owner',
      approver: 'user:ana',
      decision: 'approve',
      nonce: 'n'.repeat(43),
    };
    const assertion = ec.assert(approvalChallenge(sha256, decided));
    const verify = (other: Partial<Decided>) =>
      verifyAssertion(assertion, {
        ...expected(ec),
        challenge: approvalChallenge(sha256, { ...decided, ...other }),
      });
    expect(verify({})).toEqual({ signCount: 0 });
    const others: readonly Partial<Decided>[] = [
      { digest: 'ac'.repeat(32) },
      { run: 'run_2' },
      { rule: 'reviewer' },
      { approver: 'user:ben' },
      { decision: 'deny' },
      { nonce: 'm'.repeat(43) },
    ];
    for (const other of others) expect(() => verify(other)).toThrow(refusal('claim'));
  });

  test('E2 refuses a good assertion under any other public key', () => {
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const jwk = (key: JsonWebKey) => key as Readonly<Record<string, string>>;
    const keys: readonly (readonly [code: string, publicJwk: Readonly<Record<string, string>>])[] = [
      ['signature', createSoftwarePasskey(page).publicJwk],
      ['signature', ed.publicJwk],
      ['signature', rsa.publicJwk],
      ['key', jwk(p384.export({ format: 'jwk' }))],
      ['key', jwk(weak.export({ format: 'jwk' }))],
      ['key', jwk(ec.privateKey.export({ format: 'jwk' }))],
      ['key', { ...ec.publicJwk, x: ec.publicJwk['y'] ?? '' }],
      ['key', { ...ec.publicJwk, alg: 'ES384' }],
      ['key', { kty: 'oct', k: 'c2VjcmV0' }],
      ['key', {}],
    ];
    for (const [code, publicJwk] of keys) {
      const assertion = ec.assert(challenge);
      expect(() => verifyAssertion(assertion, { ...expected(ec), publicJwk })).toThrow(refusal(code));
    }
  });

  test('T15 refuses an RSA key that is for another algorithm', () => {
    const publicJwk = { ...rsa.publicJwk, alg: 'PS256' };
    expect(() => verifyAssertion(rsa.assert(challenge), { ...expected(rsa), publicJwk })).toThrow(
      refusal('key'),
    );
  });

  test.each([
    ['claim', 'no challenge', { challenge: Buffer.alloc(0) }, { clientData: { challenge: '' } }],
    ['claim', 'a challenge of 15 bytes', { challenge: challenge.subarray(0, 15) }, {}],
    ['audience', 'no origin', { origin: '' }, { clientData: { origin: '' } }],
    ['audience', 'no host', { rpId: '' }, { rpId: '' }],
    ['audience', 'another host above', { rpId: 'acme.example' }, {}],
  ])('law 1: refuses with %s where the caller expects %s', (code, _rule, changes, otherwise) => {
    const wanted = { ...expected(ec), ...changes };
    expect(() => verifyAssertion(ec.assert(wanted.challenge, otherwise), wanted)).toThrow(refusal(code));
  });

  test('T6 refuses every other spelling of a member', () => {
    const good = ec.assert(challenge);
    for (const name of ['authenticator', 'clientDataJson', 'authenticatorData', 'signature'] as const) {
      const text = good[name];
      const rest = text.length % 4;
      const spellings = ['', `${text}=`, `${text}==`, ` ${text}`, `${text}\n`, `${text}.`, `${text}+`];
      if (rest > 0) spellings.push(text.slice(0, -1) + nextLetter(text.slice(-1)));
      for (const spelling of spellings) {
        const assertion = { ...good, [name]: spelling };
        expect(() => verifyAssertion(assertion, expected(ec)), spelling).toThrow(refusal('malformed'));
      }
    }
  });

  test('F14 refuses members that are longer than any authenticator makes, before it reads them', () => {
    const good = ec.assert(challenge);
    const limits = { authenticator: 1364, clientDataJson: 4096, authenticatorData: 4096, signature: 1366 };
    for (const [name, most] of Object.entries(limits)) {
      const text = 'A'.repeat(most + 1);
      expect(() => verifyAssertion({ ...good, [name]: text }, expected(ec))).toThrow(`longer than ${most}`);
    }
  });

  test.each([15, 1024])('T6 refuses a credential id of %i bytes', (size) => {
    const authenticator = Buffer.alloc(size, 1).toString('base64url');
    const assertion = { ...ec.assert(challenge), authenticator };
    expect(() => verifyAssertion(assertion, expected(ec))).toThrow(refusal('malformed'));
  });

  test('T20 the other signature of the same words says the same, so the signature names nothing', () => {
    const good = ec.assert(challenge);
    const other = otherEcdsaSignature(Buffer.from(good.signature, 'base64url')).toString('base64url');
    expect(other).not.toBe(good.signature);
    expect(verifyAssertion({ ...good, signature: other }, expected(ec))).toEqual({ signCount: 0 });
  });

  test.each(ecdsaSpellings())('T20 refuses an ECDSA signature %s', (_rule, respell) => {
    const assertion = ec.assert(challenge, { signature: respell });
    expect(() => verifyAssertion(assertion, expected(ec))).toThrow(refusal('signature'));
  });

  test('T20 refuses an Ed25519 signature whose s is the group’s order more', () => {
    const order = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
    const more = (signature: Buffer) => {
      const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
      const bytes = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
      return Buffer.concat([signature.subarray(0, 32), bytes]);
    };
    const assertion = ed.assert(challenge, { signature: more });
    expect(() => verifyAssertion(assertion, expected(ed))).toThrow(refusal('signature'));
  });

  for (const passkey of passkeys) {
    test(`E2 law 10: any byte of any member of an assertion of ${passkey.alg} changed is refused`, () => {
      const keys = new Map(passkeys.map((each) => [each.id, each.publicJwk]));
      const good = passkey.assert(challenge);
      expect(isAccepted(good, keys)).toBe(true);
      for (const name of ['authenticator', 'clientDataJson', 'authenticatorData', 'signature'] as const) {
        const bytes = Buffer.from(good[name], 'base64url');
        for (let at = 0; at < bytes.length; at++) {
          for (const mask of [0x01, 0x20, 0xff]) {
            const changed = Buffer.from(bytes);
            changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
            const mutant = { ...good, [name]: changed.toString('base64url') };
            expect(isAccepted(mutant, keys), `${name}[${at}] ^ ${mask}`).toBe(false);
          }
        }
      }
    });
  }

  test('E2 whatever stands in a member, the answer is an EvidenceError or that it is good', () => {
    const member = fc.constantFrom('authenticator', 'clientDataJson', 'authenticatorData', 'signature');
    const passkey = fc.constantFrom(...passkeys);
    const bytes = fc.uint8Array({ maxLength: 120 });
    fc.assert(
      fc.property(passkey, member, bytes, fc.nat(80), (maker, name, garbage, at) => {
        const good = maker.assert(challenge);
        const kept = Buffer.from(good[name], 'base64url').subarray(0, at);
        const text = Buffer.concat([kept, garbage]).toString('base64url');
        if (text === good[name]) return;
        const keys = new Map([[maker.id, maker.publicJwk]]);
        expect(isAccepted({ ...good, [name]: text }, keys)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('law 14: what was expected is in no message', () => {
    const secrets = [page.origin, challenge.toString('base64url'), ec.publicJwk['x']].join('|');
    for (const { make } of HOSTILE_ASSERTIONS) {
      const refuse = () => verifyAssertion(make(ec, challenge), expected(ec));
      expect(refuse).toThrow(expect.objectContaining({ message: expect.not.stringMatching(secrets) }));
    }
  });
});

/** As a caller does: the key is the one recorded under the id that the assertion names. */
function isAccepted(
  assertion: Assertion,
  keys: ReadonlyMap<string, Readonly<Record<string, string>>>,
): boolean {
  const publicJwk = keys.get(assertion.authenticator);
  if (publicJwk === undefined) return false;
  try {
    verifyAssertion(assertion, { ...page, challenge, publicJwk });
    return true;
  } catch (error) {
    if (error instanceof EvidenceError) return false;
    throw error;
  }
}

/** The letter whose lowest bit, which is unused at the end, is one. */
function nextLetter(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet.charAt(alphabet.indexOf(letter) + 1);
}

/** Other encodings of the same r and s (X.690 §8.3, §10.1), and other values. */
function ecdsaSpellings(): readonly (readonly [rule: string, respell: (der: Buffer) => Buffer])[] {
  const parts = (der: Buffer) => {
    const rEnd = 4 + der.readUInt8(3);
    return { r: der.subarray(4, rEnd), s: der.subarray(rEnd + 2) };
  };
  const integer = (bytes: Uint8Array) => Buffer.concat([Buffer.of(2, bytes.length), bytes]);
  const sequence = (...items: readonly Uint8Array[]) => {
    const body = Buffer.concat(items);
    return Buffer.concat([Buffer.of(0x30, body.length), body]);
  };
  const zero = Buffer.of(0);
  const raw = (bytes: Buffer) => Buffer.concat([Buffer.alloc(32), bytes]).subarray(-32);
  return [
    ['as r ‖ s', (der) => Buffer.concat([raw(parts(der).r), raw(parts(der).s)])],
    [
      'with a zero before r',
      (der) => sequence(integer(Buffer.concat([zero, parts(der).r])), integer(parts(der).s)),
    ],
    [
      'with a zero before s',
      (der) => sequence(integer(parts(der).r), integer(Buffer.concat([zero, parts(der).s]))),
    ],
    ['with a third number', (der) => sequence(integer(parts(der).r), integer(parts(der).s), integer(zero))],
    ['with a long length', (der) => Buffer.concat([Buffer.of(0x30, 0x81), der.subarray(1)])],
    [
      'without a definite length',
      (der) => Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(2), Buffer.of(0, 0)]),
    ],
    ['as a set', (der) => Buffer.concat([Buffer.of(0x31), der.subarray(1)])],
    ['with r and s exchanged', (der) => sequence(integer(parts(der).s), integer(parts(der).r))],
    ['of zeros', () => sequence(integer(zero), integer(zero))],
    ['of zero r', (der) => sequence(integer(zero), integer(parts(der).s))],
    ['of ones', () => sequence(integer(Buffer.of(1)), integer(Buffer.of(1)))],
  ];
}
