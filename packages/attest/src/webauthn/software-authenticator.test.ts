import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSoftwareAuthenticator } from './software-authenticator.ts';
import { verifyAssertion } from './verify-assertion.ts';
import { verifyRegistration } from './verify-registration.ts';

const page = { rpId: 'localhost', origin: 'http://localhost:8080' };
const challenge = Buffer.alloc(32, 3);
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('createSoftwareAuthenticator', () => {
  test.each([16, 32, 64])(
    'registers and asserts as the verifier wants it, with an id of %i bytes',
    (size) => {
      const id = Buffer.alloc(size, 1);
      const sample = createSoftwareAuthenticator({ ...page, privateKey, id });
      const registered = verifyRegistration(sample.register(challenge), { ...page, challenge });
      expect(registered).toMatchObject({ id: id.toString('base64url'), signCount: 0, backedUp: false });
      expect(sample.id).toBe(registered.id);
      const { publicJwk } = registered;
      expect(verifyAssertion(sample.assert(challenge), { ...page, challenge, publicJwk })).toEqual({
        signCount: 0,
      });
    },
  );

  test('E2 what it says for one page is of no use on another', () => {
    const sample = createSoftwareAuthenticator({ ...page, privateKey, id: Buffer.alloc(16, 1) });
    const { publicJwk } = verifyRegistration(sample.register(challenge), { ...page, challenge });
    const elsewhere = { rpId: 'writ.acme.example', origin: 'https://writ.acme.example', challenge };
    expect(() => verifyRegistration(sample.register(challenge), elsewhere)).toThrow('another page');
    expect(() => verifyAssertion(sample.assert(challenge), { ...elsewhere, publicJwk })).toThrow(
      'another page',
    );
  });

  test.each([15, 65])('refuses an id of %i bytes', (size) => {
    const id = Buffer.alloc(size, 1);
    expect(() => createSoftwareAuthenticator({ ...page, privateKey, id })).toThrow('16 to 64 bytes');
  });

  test('refuses a key that is not of P-256', () => {
    const id = Buffer.alloc(16, 1);
    const others = [
      generateKeyPairSync('ed25519').privateKey,
      generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
    ];
    for (const other of others) {
      expect(() => createSoftwareAuthenticator({ ...page, privateKey: other, id })).toThrow('P-256');
    }
  });
});
