import { describe, expect, test } from 'vitest';
import { Prepared } from './prepared.ts';

const prepared = (): Prepared<string> =>
  new Prepared({ kid: 'k', toBeSigned: Uint8Array.of(1, 2), tbsDigest: Uint8Array.of(3), plan: 'plan' });

describe('Prepared', () => {
  test('it names its key, its bytes and its plan', () => {
    const { kid, toBeSigned, tbsDigest, plan } = prepared();
    expect({ kid, toBeSigned, tbsDigest, plan }).toEqual({
      kid: 'k',
      toBeSigned: Uint8Array.of(1, 2),
      tbsDigest: Uint8Array.of(3),
      plan: 'plan',
    });
  });

  test('S0.1 permission to sign is spent once, and stays spent', () => {
    const permission = prepared();
    permission.spend();
    for (let again = 0; again < 3; again++)
      expect(() => permission.spend()).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  test('S0.1 a copy is no permission, and another permission is its own', () => {
    const permission = prepared();
    permission.spend();
    const copy = Object.create(permission) as Prepared<string>;
    expect(() => copy.spend()).toThrow(TypeError);
    expect(() => prepared().spend()).not.toThrow();
  });
});
