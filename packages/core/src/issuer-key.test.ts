import { describe, expect, test } from 'vitest';
import { type IssuerKey, type IssuerKeyState, isPublished } from './issuer-key.ts';

const key = (state: IssuerKeyState): IssuerKey => ({
  kid: 'k',
  name: 'issuer-prod',
  alg: 'ES256',
  state,
  publicJwk: {},
  preparedAt: 1,
  activatedAt: 2,
  retiredAt: 1_000,
});

describe('isPublished', () => {
  test.each<readonly [IssuerKeyState, boolean]>([
    ['prepared', true],
    ['active', true],
    ['compromised', false],
  ])('S4.14 a key that is %s is shown: %s, at any time', (state, shown) => {
    for (const now of [0, 1_000, 10 ** 12]) expect(isPublished(key(state), 60, now)).toBe(shown);
  });

  test('S4.14 a retired key is shown until the last token it signed has expired', () => {
    expect(isPublished(key('retired'), 60, 60_999)).toBe(true);
    expect(isPublished(key('retired'), 60, 61_000)).toBe(false);
  });

  test('a key nobody knows the state of is not shown', () => {
    expect(isPublished(key('lost' as IssuerKeyState), 60, 0)).not.toBe(true);
  });
});
