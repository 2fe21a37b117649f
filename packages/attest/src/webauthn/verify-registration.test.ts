import {
  cborMap,
  createSoftwarePasskey,
  FLAGS,
  HOSTILE_REGISTRATIONS,
  type NewCredential,
  type SoftwarePasskey,
} from '@writ/testkit/passkeys';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvidenceError } from '../evidence-error.ts';
import { verifyAssertion } from './verify-assertion.ts';
import { type RegisteredPasskey, type Registration, verifyRegistration } from './verify-registration.ts';

const page = { rpId: 'writ.acme.example', origin: 'https://writ.acme.example' };
const challenge = Buffer.alloc(32, 9);
const expected = { ...page, challenge };
const passkeys = (['ES256', 'EdDSA', 'RS256'] as const).map((alg) => createSoftwarePasskey({ ...page, alg }));
const [ec] = passkeys as [SoftwarePasskey];
const { UP, UV, BE, BS, AT } = FLAGS;

const refusal = (code: string) => expect.objectContaining({ name: 'EvidenceError', code });

describe('verifyRegistration', () => {
  for (const fmt of ['none', 'packed'] as const) {
    test.each(passkeys)(
      `E2 gives what is to be recorded of a passkey of $alg, statement ${fmt}`,
      (passkey) => {
        const registered = verifyRegistration(passkey.register(challenge, { fmt, signCount: 3 }), expected);
        expect(registered).toEqual({
          id: passkey.id,
          publicJwk: passkey.publicJwk,
          signCount: 3,
          userVerified: true,
          backedUp: false,
        });
        const { publicJwk } = registered;
        expect(verifyAssertion(passkey.assert(challenge), { ...expected, publicJwk })).toEqual({
          signCount: 0,
        });
      },
    );
  }

  test('says whether the passkey was copied', () => {
    const copied = ec.register(challenge, { flags: UP | UV | AT | BE | BS });
    expect(verifyRegistration(copied, expected).backedUp).toBe(true);
    const copiable = ec.register(challenge, { flags: UP | UV | AT | BE });
    expect(verifyRegistration(copiable, expected).backedUp).toBe(false);
  });

  const tolerated: readonly (readonly [rule: string, otherwise: NewCredential])[] = [
    ['an id of 16 bytes', { id: Buffer.alloc(16, 1) }],
    ['an id of 1023 bytes', { id: Buffer.alloc(1023, 1) }],
    ['an AAGUID', { aaguid: Buffer.alloc(16, 5) }],
    ['extensions', { extensions: cborMap([['credProtect', 2]]) }],
    ['members that a later browser adds', { clientData: { extraData: 'x' } }],
    [
      'members of the attestation object in another order',
      {
        object: (fmt, statement, data) =>
          cborMap([
            ['authData', data],
            ['fmt', fmt],
            ['attStmt', statement],
          ]),
      },
    ],
  ];
  test.each(tolerated)('accepts %s', (_rule, otherwise) => {
    expect(verifyRegistration(ec.register(challenge, otherwise), expected).publicJwk).toEqual(ec.publicJwk);
  });

  for (const passkey of passkeys) {
    test.each(HOSTILE_REGISTRATIONS)(`E2 refuses a new passkey of ${passkey.alg} $name`, ({ code, make }) => {
      expect(() => verifyRegistration(make(passkey, challenge), expected)).toThrow(refusal(code));
    });
  }

  const object = (make: NonNullable<NewCredential['object']>, fmt?: 'packed'): NewCredential =>
    fmt === undefined ? { object: make } : { fmt, object: make };
  const members = (fmt: unknown, statement: unknown, data: unknown) =>
    cborMap([
      ['fmt', fmt as string],
      ['attStmt', statement as string],
      ['authData', data as string],
    ]);
  const malformed: readonly (readonly [code: string, rule: string, otherwise: NewCredential])[] = [
    ['malformed', 'that is a list', object((fmt, statement, data) => [fmt, statement, data])],
    [
      'malformed',
      'with a fourth member',
      object((fmt, statement, data) =>
        cborMap([
          ['fmt', fmt],
          ['attStmt', statement],
          ['authData', data],
          ['epAtt', true],
        ]),
      ),
    ],
    [
      'malformed',
      'without a statement',
      object((fmt, _, data) =>
        cborMap([
          ['fmt', fmt],
          ['authData', data],
        ]),
      ),
    ],
    [
      'malformed',
      'with its data under another name',
      object((fmt, statement, data) =>
        cborMap([
          ['fmt', fmt],
          ['attStmt', statement],
          ['authdata', data],
        ]),
      ),
    ],
    ['malformed', 'with data that is a text', object((fmt, statement) => members(fmt, statement, 'x'))],
    [
      'malformed',
      'with a statement that is bytes',
      object((fmt, _, data) => members(fmt, Buffer.alloc(0), data)),
    ],
    [
      'malformed',
      'with a format that is bytes',
      object((_, s, data) => members(Buffer.from('none'), s, data)),
    ],
    [
      'malformed',
      'with a statement where there is none',
      object((_, __, data) => members('none', cborMap([['alg', -7]]), data)),
    ],
    ['unsupported', 'of an unknown format', object((_, s, data) => members('None', s, data))],
    ['unsupported', 'of TPM', object((_, s, data) => members('tpm', s, data))],
    [
      'unsupported',
      'with certificates',
      object(
        (fmt, s, data) => members(fmt, cborMap([...s.entries, ['x5c', [Buffer.alloc(8)]]]), data),
        'packed',
      ),
    ],
    [
      'malformed',
      'with a statement of another algorithm',
      object((fmt, s, data) => members(fmt, cborMap([['alg', -8], ...s.entries.slice(1)]), data), 'packed'),
    ],
    [
      'malformed',
      'with a statement that says more',
      object((fmt, s, data) => members(fmt, cborMap([...s.entries, ['ver', '2.0']]), data), 'packed'),
    ],
    [
      'malformed',
      'with a statement without signature',
      object((fmt, s, data) => members(fmt, cborMap(s.entries.slice(0, 1)), data), 'packed'),
    ],
    [
      'signature',
      'with a statement over other data',
      object(
        (fmt, s, data) =>
          members(fmt, s, Buffer.concat([data.subarray(0, 33), Buffer.of(1), data.subarray(34)])),
        'packed',
      ),
    ],
    ['key', 'whose key is no key', { coseKey: cborMap([[3, -7]]) }],
    ['algorithm', 'of an algorithm nobody asked for', { coseKey: cborMap([[3, -35]]) }],
    ['malformed', 'whose key is a list', { coseKey: [1, 2] }],
  ];
  test.each(malformed)('E2 refuses as %s an attestation object %s', (code, _rule, otherwise) => {
    expect(() => verifyRegistration(ec.register(challenge, otherwise), expected)).toThrow(refusal(code));
  });

  test('T6 refuses every other spelling of a member, and one longer than any', () => {
    const good = ec.register(challenge);
    for (const [name, most] of [
      ['clientDataJson', 4096],
      ['attestationObject', 8192],
    ] as const) {
      for (const text of ['', `${good[name]}=`, ` ${good[name]}`, `${good[name]}\n`, 'A'.repeat(most + 1)]) {
        expect(() => verifyRegistration({ ...good, [name]: text }, expected)).toThrow(refusal('malformed'));
      }
      const behind = Buffer.concat([Buffer.from(good[name], 'base64url'), Buffer.of(0)]).toString(
        'base64url',
      );
      expect(() => verifyRegistration({ ...good, [name]: behind }, expected)).toThrow(refusal('malformed'));
    }
  });

  test('F12 refuses the registration for every other challenge', () => {
    const good = ec.register(challenge);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (other) => {
        fc.pre(!challenge.equals(other));
        expect(() => verifyRegistration(good, { ...expected, challenge: other })).toThrow(refusal('claim'));
      }),
    );
  });

  test('T6 refuses authenticator data cut anywhere', () => {
    const whole = (data: Buffer, cut: number) => (fmt: string, statement: unknown) =>
      members(fmt, statement, data.subarray(0, cut));
    let data: Buffer = Buffer.alloc(0);
    ec.register(challenge, { object: (_, __, made) => ((data = made), null) });
    expect(data.length).toBeGreaterThan(100);
    for (let cut = 0; cut < data.length; cut++) {
      const registration = ec.register(challenge, { object: whole(data, cut) });
      expect(() => verifyRegistration(registration, expected), `at ${cut}`).toThrow(refusal('malformed'));
    }
  });

  test.each(passkeys)(
    'law 10: any byte changed of a registration of $alg that its key signed is refused',
    (passkey) => {
      const good = passkey.register(challenge, { fmt: 'packed' });
      expect(registeredOrNull(good)).not.toBeNull();
      for (const mutant of mutants(good))
        expect(registeredOrNull(mutant.registration), mutant.name).toBeNull();
    },
  );

  test.each(passkeys)(
    'any byte changed of one of $alg that nobody signed is refused or seen in what it gives',
    (passkey) => {
      const good = passkey.register(challenge);
      const registered = registeredOrNull(good);
      for (const { registration, name, at } of mutants(good)) {
        const result = registeredOrNull(registration);
        if (result === null || JSON.stringify(result) !== JSON.stringify(registered)) continue;
        // What says nothing: whose make it is, bits that are reserved or only permit copies, the name of a member with `false`.
        const dataAt = Buffer.from(good.attestationObject, 'base64url').indexOf('authData') + 8;
        const inData = at - dataAt - (passkey.alg === 'RS256' ? 3 : 2);
        const isSilent =
          name === 'attestationObject'
            ? inData === 32 || (inData >= 37 && inData < 53)
            : nameOfCrossOrigin(good, at);
        expect(isSilent, `${name}[${at}]`).toBe(true);
      }
    },
  );

  test('whatever the attestation object holds, the answer is an EvidenceError or that it is good', () => {
    const good = Buffer.from(ec.register(challenge).attestationObject, 'base64url');
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 64 }), (at, garbage) => {
        const bytes = Buffer.concat([good.subarray(0, at), garbage, good.subarray(at + garbage.length)]);
        const attestationObject = bytes.toString('base64url');
        const registered = registeredOrNull({ ...ec.register(challenge), attestationObject });
        expect(registered === null || registered.userVerified).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('F14 refuses an attestation object that nests', () => {
    const attestationObject = Buffer.alloc(6000, 0x81).toString('base64url');
    const registration = { ...ec.register(challenge), attestationObject };
    expect(() => verifyRegistration(registration, expected)).toThrow(refusal('malformed'));
  });
});

function registeredOrNull(registration: Registration): RegisteredPasskey | null {
  try {
    return verifyRegistration(registration, expected);
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}

function* mutants(good: Registration) {
  for (const name of ['clientDataJson', 'attestationObject'] as const) {
    const bytes = Buffer.from(good[name], 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of [0x01, 0x20, 0xff]) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
        yield { name, at, registration: { ...good, [name]: changed.toString('base64url') } };
      }
    }
  }
}

function nameOfCrossOrigin(good: Registration, at: number): boolean {
  const start = Buffer.from(good.clientDataJson, 'base64url').indexOf('crossOrigin');
  return at >= start && at < start + 'crossOrigin'.length;
}
