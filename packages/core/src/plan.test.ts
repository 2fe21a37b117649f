import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { PinnedTo } from './facts.ts';
import type { Hash } from './hash.ts';
import { planDigest } from './plan.ts';
import type { Bounds } from './verdict.ts';

const sha256: Hash = (data) => createHash('sha256').update(data).digest();
const bounds: Bounds = {
  flow: { name: 'ci', version: 7, hash: 'f1' },
  right: 'right',
  identity: { uri: 'spiffe://a.example/svc', name: 'svc', revision: 3 },
  owner: 'user:ana',
  purpose: 'p',
  environment: 'production',
  subject: 'spiffe://a.example/svc',
  actor: null,
  audience: 'https://a.example',
  scopes: ['a', 'b'],
  ttl: 600,
  notIssuedAfter: 0,
  fields: { target: 'staging', n: 1 },
  inToken: [],
  generate: { kind: 'token', alg: 'ES256', key: 'issuer', parameters: { subject: 'identity.uri' } },
  holder: { pop: 'dpop', thumbprint: 't' },
  pop: ['dpop'],
  source: null,
  deliver: ['caller'],
  activate: 'issued',
  proven: [{ proof: 'github', anchor: 'github-actions/acme', digest: 'd1', assurance: 2 }],
  projections: [{ proof: 'github', anchor: 'github-actions/acme', claims: { ref: 'refs/heads/main' } }],
  assurance: 2,
  freezeScopes: ['everything'],
  unattended: true,
  proposal: null,
};
const digest = (change: Partial<Bounds> = {}, pinned: PinnedTo = PINNED): string =>
  planDigest(sha256, { ...bounds, ...change }, pinned);
const PINNED: PinnedTo = { set: 'set', flow: 'f1' };
const projection = bounds.projections[0]!;

describe('planDigest', () => {
  test('it is the SHA-256 of canonical JSON: this very text', () => {
    const text =
      '{"activate":"issued","actor":null,"audience":"https://a.example","bind":{"pop":["dpop"],"source":null},"deliver":["caller"],' +
      '"fields":{"n":1,"target":"staging"},"flow":"ci","flow_hash":"f1","generate":{"alg":"ES256","key":"issuer","kind":"token","parameters":{"subject":"identity.uri"}},' +
      '"holder":{"dpop":"t"},"identity":"spiffe://a.example/svc","not_issued_after":0,"pinned":"set","proofs":[{"anchor":"github-actions/acme","claims":{"ref":"refs/heads/main"},"proof":"github"}],' +
      '"revision":3,"scopes":["a","b"],"subject":"spiffe://a.example/svc","ttl":600}';
    expect(digest()).toBe(createHash('sha256').update(text).digest('hex'));
  });

  const changes: readonly (readonly [string, Partial<Bounds>])[] = [
    ['flow', { flow: { ...bounds.flow, name: 'other' } }],
    ['deadline', { notIssuedAfter: 1 }],
    ['identity', { identity: { ...bounds.identity, uri: 'spiffe://a.example/other' } }],
    ['revision', { identity: { ...bounds.identity, revision: 4 } }],
    ['subject', { subject: 'spiffe://a.example/other' }],
    ['actor', { actor: 'spiffe://a.example/agent' }],
    ['audience', { audience: 'https://b.example' }],
    ['a scope more', { scopes: ['a', 'b', 'c'] }],
    ['a scope fewer', { scopes: ['a'] }],
    ['ttl', { ttl: 601 }],
    ['a field', { fields: { target: 'production', n: 1 } }],
    ['a field of another type', { fields: { target: 'staging', n: '1' } }],
    ['a field fewer', { fields: { target: 'staging' } }],
    ['kind', { generate: { ...bounds.generate, kind: 'x509' } }],
    ['algorithm', { generate: { ...bounds.generate, alg: 'RS256' } }],
    ['issuer key', { generate: { ...bounds.generate, key: 'other' } }],
    ['parameter', { generate: { ...bounds.generate, parameters: { subject: 'identity.name' } } }],
    ['holder key', { holder: { pop: 'dpop', thumbprint: 'u' } }],
    ['kind of holder key', { holder: { pop: 'mtls', thumbprint: 't' } }],
    ['no holder', { holder: null }],
    ['binding', { pop: ['dpop', 'none'] }],
    ['source', { source: '192.0.2.0/24' }],
    ['delivery', { deliver: ['caller', 'vault/x'] }],
    ['activation', { activate: 'confirmed' }],
    ['proof', { projections: [{ ...projection, proof: 'gitlab' }] }],
    ['anchor', { projections: [{ ...projection, anchor: 'github-actions/other' }] }],
    ['claim value', { projections: [{ ...projection, claims: { ref: 'refs/heads/evil' } }] }],
    ['a claim more', { projections: [{ ...projection, claims: { ...projection.claims, actor: 'x' } }] }],
    ['no proof', { projections: [] }],
  ];
  test.each(changes)('F2 F3 an approval is void when it changes: %s', (_, change) => {
    expect(digest(change)).not.toBe(digest());
  });

  test('F2 an approval is void under another artefact set, or another flow in it', () => {
    expect(digest({}, { ...PINNED, set: 'other' })).not.toBe(digest());
    expect(digest({}, { ...PINNED, flow: 'f2' })).not.toBe(digest());
  });

  test('F2 it is over what the run was opened under, not over the flow that decides now', () => {
    expect(digest({ flow: { ...bounds.flow, hash: 'f2', version: 8 } })).toBe(digest());
  });

  test('F2 no two of these changes have the same plan', () => {
    expect(new Set(changes.map(([, change]) => digest(change))).size).toBe(changes.length);
  });

  test.each<readonly [string, Partial<Bounds>]>([
    ["the evidence's digest, so iat, exp and jti", { proven: [{ ...bounds.proven[0]!, digest: 'd2' }] }],
    ['order of fields', { fields: { n: 1, target: 'staging' } }],
  ])('S0.12 evidence presented again keeps it: %s', (_, change) => expect(digest(change)).toBe(digest()));

  test('F3 members cannot run into each other', () => {
    expect(digest({ scopes: ['a,b'] })).not.toBe(digest({ scopes: ['a', 'b'] }));
    expect(digest({ subject: 'a","actor":"b' })).not.toBe(digest({ subject: 'a', actor: 'b' }));
  });
});
