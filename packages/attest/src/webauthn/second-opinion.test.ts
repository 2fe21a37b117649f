import { generateKeyPairSync } from 'node:crypto';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import type { Assertion } from '@writ/core';
import {
  type Ceremony,
  cborMap,
  createSoftwarePasskey,
  FLAGS,
  HOSTILE_ASSERTIONS,
  HOSTILE_REGISTRATIONS,
  type NewCredential,
  otherEcdsaSignature,
  type SoftwarePasskey,
  writeCbor,
} from '@writ/testkit/passkeys';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvidenceError } from '../evidence-error.ts';
import { createSoftwareAuthenticator } from './software-authenticator.ts';
import { verifyAssertion } from './verify-assertion.ts';
import { type Registration, verifyRegistration } from './verify-registration.ts';

const page = { rpId: 'writ.acme.example', origin: 'https://writ.acme.example' };
const challenge = Buffer.alloc(32, 5);
const passkeys = (['ES256', 'EdDSA', 'RS256'] as const).map((alg) => createSoftwarePasskey({ ...page, alg }));
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const { UP, UV, BE, BS, AT, ED } = FLAGS;

/** What the other verifier is told of the page: the same as ours. */
const options = {
  expectedChallenge: challenge.toString('base64url'),
  expectedOrigin: page.origin,
  expectedRPID: page.rpId,
  requireUserVerification: true,
};

describe('verifyRegistration beside @simplewebauthn/server', () => {
  for (const fmt of ['none', 'packed'] as const) {
    test.each(passkeys)(
      `both record the same of a good passkey of $alg, statement ${fmt}`,
      async (passkey) => {
        const registration = passkey.register(challenge, { fmt, signCount: 9 });
        const ours = registeredByUs(registration);
        const theirs = await registeredByThem(registration, passkey.id);
        expect(ours).not.toBeNull();
        expect(theirs?.id).toBe(ours?.id);
        expect(theirs?.counter).toBe(9);
        expect(Buffer.from(theirs?.publicKey ?? [])).toEqual(writeCbor(passkey.coseKey));
      },
    );
  }

  test('both take the authenticator of sample people', async () => {
    const sample = createSoftwareAuthenticator({ ...page, privateKey: stranger, id: Buffer.alloc(32, 4) });
    const registration = sample.register(challenge);
    expect(registeredByUs(registration)?.id).toBe(sample.id);
    const theirs = await registeredByThem(registration, sample.id);
    expect(theirs?.id).toBe(sample.id);
    const assertion = sample.assert(challenge);
    expect(await assertedByThem(assertion, theirs?.publicKey ?? new Uint8Array())).toBe(true);
  });

  test.each(passkeys)(
    'of the hostile ones of $alg they take those where we are stricter',
    async (passkey) => {
      const taken: string[] = [];
      for (const { name, make } of HOSTILE_REGISTRATIONS) {
        if ((await registeredByThem(make(passkey, challenge), passkey.id)) !== null) taken.push(name);
      }
      expect(taken).toEqual([
        'in a frame',
        'in a frame, in other words',
        'in a page that names a top',
        'with an id of 15 bytes',
        'with an id of 1024 bytes',
      ]);
    },
  );

  test('what we accept, they accept, however browser and authenticator behave', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...passkeys), anyOf(WAYS_TO_REGISTER), async (passkey, otherwise) => {
        const registration = passkey.register(challenge, otherwise);
        const ours = registeredByUs(registration);
        if (ours === null) return true;
        accepted += 1;
        const theirs = await registeredByThem(registration, ours.id);
        return theirs?.id === ours.id && theirs.counter === ours.signCount;
      }),
      { numRuns: 600 },
    );
    expect(accepted).toBeGreaterThan(60);
  });

  test('what we accept, they accept, of good ones with a byte changed', async () => {
    const [ec] = passkeys as [SoftwarePasskey];
    const good = ec.register(challenge);
    for (const name of ['clientDataJson', 'attestationObject'] as const) {
      const bytes = Buffer.from(good[name], 'base64url');
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << (at & 7)), at);
        const registration = { ...good, [name]: changed.toString('base64url') };
        const ours = registeredByUs(registration);
        const theirs = ours && (await registeredByThem(registration, ours.id));
        expect(theirs?.id, `${name}[${at}]`).toBe(ours?.id);
      }
    }
  });
});

describe('verifyAssertion beside @simplewebauthn/server', () => {
  test.each(passkeys)('both accept a good assertion of $alg', async (passkey) => {
    const assertion = passkey.assert(challenge, { signCount: 9 });
    expect(isAccepted(assertion, passkey)).toBe(true);
    expect(await assertedByThem(assertion, writeCbor(passkey.coseKey))).toBe(true);
  });

  test('both accept the other ECDSA signature', async () => {
    const [ec] = passkeys as [SoftwarePasskey];
    const assertion = ec.assert(challenge, { signature: otherEcdsaSignature });
    expect(isAccepted(assertion, ec)).toBe(true);
    expect(await assertedByThem(assertion, writeCbor(ec.coseKey))).toBe(true);
  });

  test.each(passkeys)(
    'of the hostile ones of $alg they take those where we are stricter',
    async (passkey) => {
      const taken: string[] = [];
      for (const { name, make } of HOSTILE_ASSERTIONS) {
        if (await assertedByThem(make(passkey, challenge), writeCbor(passkey.coseKey))) taken.push(name);
      }
      const looser = ['in a frame', 'in a frame, in other words', 'that holds a credential'];
      expect(taken).toEqual(
        passkey.alg === 'ES256' ? [...looser, 'with a byte behind the signature'] : looser,
      );
    },
  );

  test('what we accept, they accept, however browser and authenticator behave', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...passkeys), anyOf(WAYS_TO_ASSERT), async (passkey, otherwise) => {
        const assertion = passkey.assert(challenge, otherwise);
        if (!isAccepted(assertion, passkey)) return true;
        accepted += 1;
        return assertedByThem(assertion, writeCbor(passkey.coseKey));
      }),
      { numRuns: 600 },
    );
    expect(accepted).toBeGreaterThan(60);
  });
});

/** Ways to behave, good and bad, of browser or authenticator in either ceremony. */
const WAYS: readonly Ceremony[] = [
  ...['webauthn.get', 'webauthn.create', 'payment.get', undefined].map((type) => ({ clientData: { type } })),
  ...['', 'AAAA', `${challenge.toString('base64url')}=`, undefined].map((text) => ({
    clientData: { challenge: text },
  })),
  ...['https://evil.example', `${page.origin}/`, `${page.origin}:443`, undefined].map((origin) => ({
    clientData: { origin },
  })),
  ...[true, false, undefined, null, 'false', 0].map((crossOrigin) => ({ clientData: { crossOrigin } })),
  ...[page.origin, 'https://evil.example', '', null, undefined].map((topOrigin) => ({
    clientData: { topOrigin },
  })),
  ...[null, 'x', 7, ['y'], { z: [] }].map((extraData) => ({ clientData: { extraData } })),
  ...['evil.example', 'acme.example', 'WRIT.ACME.EXAMPLE', page.rpId].map((rpId) => ({ rpId })),
  ...[0, 1, 0xffffffff].map((signCount) => ({ signCount })),
  ...[
    cborMap([]),
    cborMap([['credProtect', 2]]),
    cborMap([['uvm', [[2, 4, 2]]]]),
    cborMap([['hmac-secret', Buffer.alloc(32, 1)]]),
    cborMap([[1, true]]),
    'text',
    [1, 2],
  ].map((extensions) => ({ extensions })),
  { behind: Buffer.of(0) },
  { behind: Buffer.of(0xa0) },
  { key: stranger },
];

const flagsOf = (...most: readonly number[]) => [...most, 0, 0xff].map((flags) => ({ flags }));

const WAYS_TO_ASSERT: readonly Ceremony[] = [
  ...WAYS,
  ...flagsOf(
    UP | UV,
    UP | UV | BE,
    UP | UV | BE | BS,
    UP | UV | BS,
    UP,
    UV,
    UP | UV | ED,
    UP | UV | AT,
    UP | UV | 0x22,
  ),
  { signature: (made) => made.subarray(1) },
];

const WAYS_TO_REGISTER: readonly NewCredential[] = [
  ...WAYS,
  ...flagsOf(
    UP | UV | AT,
    UP | UV | AT | BE,
    UP | UV | AT | BE | BS,
    UP | UV | AT | BS,
    UP | AT,
    UV | AT,
    UP | UV,
  ),
  { fmt: 'packed' },
  { fmt: 'packed', key: stranger },
  ...[15, 16, 300, 1023, 1024].map((size) => ({ id: Buffer.alloc(size, 1) })),
  { aaguid: Buffer.alloc(16, 7) },
  ...passkeys.flatMap(({ coseKey: { entries } }) => [
    { coseKey: cborMap(entries) },
    { coseKey: cborMap(entries.toReversed()) },
    { coseKey: cborMap([...entries, [4, [2]]]) },
    { coseKey: cborMap(entries.slice(1)) },
  ]),
];

/** Some of `ways` at once, in one ceremony. */
function anyOf<T extends Ceremony>(ways: readonly T[]): fc.Arbitrary<T> {
  return fc
    .array(fc.constantFrom(...ways), { maxLength: 3 })
    .map((chosen) =>
      chosen.reduce(
        (all, each) => ({ ...all, ...each, clientData: Object.assign({}, all.clientData, each.clientData) }),
        {} as T,
      ),
    );
}

function registeredByUs(registration: Registration) {
  try {
    return verifyRegistration(registration, { ...page, challenge });
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}

async function registeredByThem({ clientDataJson, attestationObject }: Registration, id: string) {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      ...options,
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: clientDataJson, attestationObject },
      },
    });
    return verified ? registrationInfo.credential : null;
  } catch {
    return null;
  }
}

function isAccepted(assertion: Assertion, { publicJwk }: SoftwarePasskey): boolean {
  try {
    verifyAssertion(assertion, { ...page, challenge, publicJwk });
    return true;
  } catch (error) {
    if (error instanceof EvidenceError) return false;
    throw error;
  }
}

async function assertedByThem(assertion: Assertion, publicKey: Uint8Array): Promise<boolean> {
  const { authenticator: id, clientDataJson, authenticatorData, signature } = assertion;
  try {
    const { verified } = await verifyAuthenticationResponse({
      ...options,
      credential: { id, publicKey: Uint8Array.from(publicKey), counter: 0 },
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: clientDataJson, authenticatorData, signature },
      },
    });
    return verified;
  } catch {
    return false;
  }
}
