import { canonicalJson, utf8 } from '@writ/core';
import { recordCommitment } from '@writ/ledger';
import { createFakeClock, createSeededIds } from '@writ/testkit';
import { NOON, sha256 } from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import { newEntry } from './entry.ts';

const ports = { now: createFakeClock(NOON).now, ids: createSeededIds('entry'), sha256 };
const FREEZE = { artefacts: '0'.repeat(64), scope: 'everything', by: 'user:mei', reason: 'x' };
const ISSUE = {
  artefacts: '0'.repeat(64),
  run: 'run_1',
  identity: 'svc',
  owner: 'user:ana',
  purpose: 'x',
  subject: 'spiffe://acme.example/x',
  audience: 'https://x.example',
  scopes: ['a'],
  ttl: 60,
  not_after_ms: NOON,
  flow: { name: 'flow', version: 1, hash: '1'.repeat(64) },
  right: 'right',
  decided_by: ['right.right'],
  plan: '2'.repeat(64),
  evidence: [{ proof: 'github', anchor: 'github-actions/acme', digest: '3'.repeat(64), assurance: 2 }],
  freeze_scopes: ['everything'],
  credential_class: 'token',
  kid: 'kid',
  credential: 'jti',
};

describe('an entry', () => {
  test('commits to exactly the text of its record, under its own salt', () => {
    const entry = newEntry(ports, 'freeze', FREEZE);
    expect(entry.record).toBe(canonicalJson({ ...FREEZE, type: 'freeze', requested_at_ms: NOON }));
    expect(entry.commitment).toEqual(recordCommitment(sha256, entry.salt, utf8(entry.record)));
    expect(newEntry(ports, 'freeze', FREEZE).salt).not.toEqual(entry.salt);
  });

  test('S2.5 says when it was asked for, where that was earlier', () => {
    const { record } = newEntry(ports, 'freeze', { ...FREEZE, requested_at_ms: 7 });
    expect(JSON.parse(record)).toMatchObject({ requested_at_ms: 7 });
  });

  test('its type is not for the record to say', () => {
    const { record, type } = newEntry(ports, 'freeze', { ...FREEZE, type: 'unfreeze' });
    expect([type, JSON.parse(record)]).toMatchObject(['freeze', { type: 'freeze' }]);
  });

  test.each([
    [{}, 0],
    [{ credentialClass: 'token' }, 1],
    [{ dev: true }, 0x100],
    [{ unattended: true }, 0x200],
    [{ credentialClass: 'token', dev: true, unattended: true }, 0x301],
  ] as const)('%o are the flags %d', (marks, flags) => {
    const { flags: given } = newEntry(ports, 'freeze', FREEZE, marks);
    expect(given & 0xff00).toBe(flags & 0xff00);
    expect((given & 0xff) > 0).toBe((flags & 0xff) > 0);
  });

  test('an issuance of the right shape is one', () => {
    expect(JSON.parse(newEntry(ports, 'issue', ISSUE).record)).toMatchObject(ISSUE);
  });

  test.each<[string, object]>([
    ['a member nobody knows', { email: 'ana@acme.example' }],
    ['a token', { token: 'eyJhbGciOiJFUzI1NiJ9' }],
    ['no owner', { owner: '' }],
    ['a life of a fraction', { ttl: 0.5 }],
    ['a plan that is no digest', { plan: 'x' }],
    ['a scope that is none', { freeze_scopes: ['all'] }],
    ['a control character', { purpose: 'a\u001b[2J' }],
    ['evidence with a claim', { evidence: [{ ...ISSUE.evidence[0], claims: { sub: 'x' } }] }],
    ['evidence whose digest is none', { evidence: [{ ...ISSUE.evidence[0], digest: 'eyJ' }] }],
    ['half a surrogate pair', { purpose: '\ud800' }],
  ])('L5 L6 S0.8 an issuance with %s is not logged', (_, change) => {
    expect(() => newEntry(ports, 'issue', { ...ISSUE, ...change })).toThrow(
      /malformed|surrogate|safe integer/,
    );
  });
});
