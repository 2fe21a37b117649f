import { describe, expect, test } from 'vitest';
import type { Credential, CredentialState } from './credential.ts';
import { formatFreezeState } from './freeze.ts';
import { type Identity, type IdentityStatus, NO_ENTITLEMENT } from './identity.ts';
import type { IssuerKeyState } from './issuer-key.ts';
import { isLive, type LivenessFacts } from './liveness.ts';

const NOW = 1_000_000;
const credential: Credential = {
  id: 'c',
  run: 'r',
  identity: 'svc',
  right: 'right',
  kid: 'k',
  holder: 't',
  audience: 'https://a.example',
  state: 'active',
  issuedAt: NOW - 1,
  expiresAt: NOW + 1,
  tbsDigest: '00',
  freezeScopes: ['everything', 'identity:svc'],
  scopes: ['a'],
  subject: 's',
  revision: 1,
};
const identity: Identity = {
  uri: 'spiffe://a.example/svc',
  name: 'svc',
  kind: 'workload',
  status: 'active',
  owner: 'user:ana',
  deputy: 'user:rui',
  purpose: 'p',
  environment: 'e',
  expires: NOW + 1,
  revision: 1,
  revisionReviewed: true,
  previouslyRevoked: false,
  attributes: {},
  entitlement: NO_ENTITLEMENT,
  keys: [],
  boundSince: 1,
};
const live: LivenessFacts = {
  credential,
  identity,
  key: 'active',
  freezes: { everything: null, 'identity:svc': formatFreezeState({ epoch: 2, frozen: false }) },
};
const because = (facts: LivenessFacts, now = NOW): string => {
  const said = isLive(facts, now);
  return said.live ? 'live' : said.because;
};
const withState = (state: CredentialState): LivenessFacts => ({
  ...live,
  credential: { ...credential, state },
});

describe('isLive', () => {
  const states: readonly (readonly [CredentialState, string])[] = [
    ['prepared', 'state'],
    ['issued', 'live'],
    ['delivered', 'live'],
    ['active', 'live'],
    ['superseded', 'state'],
    ['revoked', 'state'],
    ['expired', 'state'],
    ['destroyed', 'state'],
  ];
  test.each(states)('S0.1 a credential that is %s: %s', (state, said) =>
    expect(because(withState(state))).toBe(said),
  );

  test('S1.14 a state nobody knows is dead', () => {
    expect(because(withState('renamed' as CredentialState))).toBe('state');
  });

  test('S4.6 it dies in the very millisecond it expires', () => {
    expect(because(live, NOW)).toBe('live');
    expect(because(live, NOW + 1)).toBe('expired');
  });

  const keys: readonly (readonly [IssuerKeyState | null, string])[] = [
    ['prepared', 'key'],
    ['active', 'live'],
    ['retired', 'live'],
    ['compromised', 'key'],
    [null, 'key'],
  ];
  test.each(keys)('S4.14 signed by a key that is %s: %s', (key, said) =>
    expect(because({ ...live, key })).toBe(said),
  );

  const statuses: readonly (readonly [IdentityStatus, string])[] = [
    ['pending', 'identity'],
    ['active', 'live'],
    ['suspended', 'identity'],
    ['retired', 'identity'],
  ];
  test.each(statuses)('S1.14 of an identity that is %s: %s', (status, said) => {
    expect(because({ ...live, identity: { ...identity, status } })).toBe(said);
  });

  test('S1.14 of an identity that is gone, or past its own expiry: dead', () => {
    expect(because({ ...live, identity: null })).toBe('identity');
    expect(because({ ...live, identity: { ...identity, expires: NOW } })).toBe('identity');
  });

  test.each([
    ['never frozen', null, 'live'],
    ['lifted', '2 free', 'live'],
    ['frozen', '1 frozen', 'frozen'],
    ['unreadable', 'yes', 'frozen'],
    ['empty', '', 'frozen'],
  ])('S3.11 a scope that is %s', (_, cell, said) => {
    for (const scope of credential.freezeScopes)
      expect(because({ ...live, freezes: { ...live.freezes, [scope]: cell } })).toBe(said);
  });

  test('law 1: a scope whose state was not read counts as frozen', () => {
    expect(because({ ...live, freezes: { everything: null } })).toBe('frozen');
    expect(because({ ...live, freezes: {} })).toBe('frozen');
  });

  test('S3.11 the freeze of somebody else does not touch it', () => {
    expect(because({ ...live, freezes: { ...live.freezes, 'identity:other': '1 frozen' } })).toBe('live');
  });

  test('one thing that is wrong is enough, whatever else is right', () => {
    const wrong: readonly Partial<LivenessFacts>[] = [
      { credential: { ...credential, state: 'revoked' } },
      { credential: { ...credential, expiresAt: NOW } },
      { key: null },
      { identity: null },
      { freezes: { ...live.freezes, everything: '1 frozen' } },
    ];
    for (let chosen = 0; chosen < 2 ** wrong.length; chosen++) {
      const facts = wrong.reduce<LivenessFacts>(
        (all, part, i) => ((chosen >> i) & 1 ? { ...all, ...part } : all),
        live,
      );
      expect(because(facts) === 'live').toBe(chosen === 0);
    }
  });
});
