import { describe, expect, test } from 'vitest';
import { canonicalJson, LedgerError, parseRecord } from './index.ts';

const hex = (digit: string): string => digit.repeat(64);
const common = { requested_at_ms: 1000, artefacts: hex('a') };

const issue = {
  type: 'issue',
  ...common,
  run: 'run-1',
  identity: 'spiffe://acme.example/ci',
  owner: 'team-a',
  purpose: 'deploy',
  subject: 'ci',
  audience: 'https://api.example',
  scopes: ['deploy'],
  ttl: 900,
  not_after_ms: 901_000,
  flow: { name: 'ci', version: '3', hash: hex('f') },
  right: 'deploy-right',
  decided_by: ['proof.github'],
  plan: hex('b'),
  evidence: [{ proof: 'github', anchor: 'github', digest: hex('e'), assurance: 2 }],
  freeze_scopes: ['identity:spiffe://acme.example/ci', 'anchor:github', 'everything'],
  kid: 'key-1',
  credential_class: 'token',
};

const authenticator = {
  id: 'AQID',
  public_jwk: { kty: 'EC', crv: 'P-256', x: 'AQ', y: 'AQ' },
  rp_id: 'writ.example',
  origin: 'https://writ.example',
  label: 'blue key',
};
const assertion = {
  authenticator: 'AQID',
  client_data_json: 'e30',
  authenticator_data: 'AQID',
  signature: 'AQIDBA',
};
const nonce = 'A'.repeat(43);
const person = { type: 'person', ...common, person: 'user:ana', by: 'user:ana', grounds: 'passkey' };
const subject = { ...common, run: 'run-1', identity: 'ci', rule: 'out-of-hours', plan: hex('b') };
const approval = {
  type: 'approval',
  ...subject,
  approver: 'user:ana',
  decision: 'approve',
  digest: hex('b'),
  envelope: null,
  nonce,
  assertion,
};
const envelope = {
  identity: 'spiffe://acme.example/ci',
  revision: 2,
  flow: hex('f'),
  audience: 'https://api.example',
  scopes: ['deploy'],
  ttl: 900,
  fields: { target: 'production', n: [1] },
};
const decision = { type: 'decision', ...subject, by: 'user:ana', decision: 'deny', reason: 'not tonight' };
const identity = { type: 'identity', ...common, identity: 'i', revision: 2, change: 'owner', by: 'bob' };

const valid: Record<string, Record<string, unknown>> = {
  issue,
  'issue with everything': { ...issue, jkt: 'thumb', credential: 'jti-1', approvals: [3, 5] },
  'issue of a password': { ...without(issue, 'kid'), credential_class: 'password' },
  abort: { type: 'abort', ...common, run: 'run-1', issue_index: 3, reason: 'deadline' },
  revoke: { type: 'revoke', ...common, credential: 'jti-1', issue_index: 3, by: 'bob', reason: 'leaked' },
  freeze: { type: 'freeze', ...common, scope: 'everything', by: 'bob', reason: 'breach' },
  unfreeze: { type: 'unfreeze', ...common, scope: 'flow:ci', by: 'bob', run: 'run-2' },
  'artefacts genesis': {
    type: 'artefacts',
    ...common,
    hash: hex('a'),
    previous: null,
    mode: 'genesis',
    by: 'bob',
  },
  artefacts: {
    type: 'artefacts',
    ...common,
    hash: hex('c'),
    previous: hex('a'),
    mode: 'published',
    by: 'bob',
  },
  key: {
    type: 'key',
    ...common,
    kid: 'k',
    event: 'prepared',
    use: 'token',
    public_jwk: { kty: 'OKP' },
    by: 'bob',
  },
  identity,
  'identity of a run': {
    ...identity,
    run: 'run-1',
    plan: hex('b'),
    flow: issue.flow,
    decided_by: ['approval.owner'],
    owner: 'team-a',
    purpose: 'deploy',
    evidence: issue.evidence,
    approvals: [3],
  },
  erasure: { type: 'erasure', ...common, indexes: [1, 2], by: 'bob' },
  approval,
  'standing approval': { ...approval, envelope },
  'standing approval of an act': { ...approval, envelope: { ...envelope, audience: '' } },
  delivery: { type: 'delivery', ...common, anything: { at: ['all'] } },
  'person invited': { ...person, event: 'invited', by: 'local' },
  'authenticator added': { ...person, event: 'authenticator-added', authenticator },
  'authenticator replaced': { ...person, event: 'authenticator-replaced', authenticator },
  'authenticator lost': { ...person, event: 'authenticator-lost', authenticator: { id: 'AQID' } },
  decision,
  'signed decision': { ...decision, digest: hex('b'), nonce, assertion },
  recovery: { type: 'recovery', ...common },
  prune: { type: 'prune', ...common, below: 256 },
};

function without(value: object, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}

function refusal(text: string): string {
  try {
    parseRecord(text);
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'record-malformed') return error.message;
    throw error;
  }
  return 'accepted';
}

const OPEN = new Set(['delivery', 'recovery', 'prune', 'erasure']);
const OF_A_RUN = ['run', 'plan', 'flow', 'decided_by', 'owner', 'purpose', 'evidence', 'approvals'];

/** Whether the shape of this member is ours to check. */
function isFixed(record: Record<string, unknown>, member: string): boolean {
  return (
    !OPEN.has(String(record['type'])) || ['type', 'requested_at_ms', 'artefacts', 'indexes'].includes(member)
  );
}

function isOptional(record: Record<string, unknown>, member: string): boolean {
  if (member === 'kid') return record['type'] === 'issue' && record['credential_class'] !== 'token';
  if (record['type'] === 'identity') return OF_A_RUN.includes(member);
  return ['jkt', 'approvals'].includes(member) || (member === 'credential' && record['type'] === 'issue');
}

describe('parseRecord', () => {
  test.each(Object.entries(valid))('%s reads back', (_name, record) => {
    expect(parseRecord(canonicalJson(record))).toEqual(record);
  });

  test.each(Object.entries(valid))('%s: each fixed member is needed', (_name, record) => {
    const needed = Object.keys(record).filter(
      (member) => isFixed(record, member) && !isOptional(record, member),
    );
    for (const member of needed) {
      expect(refusal(canonicalJson(without(record, member)))).toContain(`\`${member}\``);
    }
  });

  test.each(Object.entries(valid))('%s: each fixed member is of its kind', (_name, record) => {
    for (const member of Object.keys(record).filter((name) => isFixed(record, name) && name !== 'change')) {
      for (const wrong of [true, -1, 0.5, '', 'a\u001b[2J', [[]], {}]) {
        expect(refusal(canonicalJson({ ...record, [member]: wrong }))).not.toBe('accepted');
      }
    }
  });

  test.each(Object.entries(valid))(
    '%s: an unknown member is refused where the type is fixed',
    (_name, record) => {
      const expected = OPEN.has(String(record['type']))
        ? 'accepted'
        : 'record is malformed: `secret` is not known';
      expect(refusal(canonicalJson({ ...record, secret: 's3cret' }))).toBe(expected);
    },
  );

  test('inner objects are as strict', () => {
    const { flow, evidence } = issue;
    for (const bad of [
      { ...issue, flow: { ...flow, more: 1 } },
      { ...issue, flow: without(flow, 'hash') },
      { ...issue, flow: { ...flow, version: 1.5 } },
      { ...issue, evidence: [{ ...evidence[0], more: 1 }] },
      { ...issue, evidence: [without(evidence[0]!, 'anchor')] },
      { ...issue, evidence: [{ ...evidence[0], assurance: 0 }] },
      { ...issue, evidence: [{ ...evidence[0], assurance: 4 }] },
      { ...issue, evidence: ['github'] },
      { ...issue, scopes: [1] },
      { ...issue, scopes: [''] },
      { ...issue, freeze_scopes: ['nothing'] },
      { ...issue, freeze_scopes: ['identity:'] },
      { ...issue, freeze_scopes: [':a'] },
      { ...issue, credential_class: 'none' },
      { ...issue, credential_class: 'Token' },
      { ...issue, plan: hex('b').toUpperCase() },
      { ...issue, plan: hex('b').slice(1) },
    ]) {
      expect(refusal(canonicalJson(bad))).not.toBe('accepted');
    }
    expect(refusal(canonicalJson({ ...issue, flow: { ...flow, version: 3 } }))).toBe('accepted');
    expect(refusal(canonicalJson({ ...issue, scopes: [], decided_by: [], evidence: [] }))).toBe('accepted');
  });

  test('an authenticator, an assertion and an envelope are as strict', () => {
    const added = valid['authenticator added'];
    for (const bad of [
      { ...added, authenticator: without(authenticator, 'id') },
      { ...added, authenticator: without(authenticator, 'origin') },
      { ...added, authenticator: { ...authenticator, more: 1 } },
      { ...added, authenticator: { ...authenticator, id: 'AQID=' } },
      { ...added, authenticator: { ...authenticator, id: 'AQ+D' } },
      { ...added, authenticator: { ...authenticator, id: 'AR' } },
      { ...added, authenticator: { ...authenticator, public_jwk: { kty: 'EC', x: 1 } } },
      { ...added, authenticator: { ...authenticator, public_jwk: { crv: 'P-256' } } },
      { ...added, person: 'ana' },
      { ...added, person: 'user:' },
      { ...added, by: 'root' },
      { ...added, grounds: 'because' },
      { ...added, event: 'removed' },
      { ...valid['person invited'], authenticator },
      { ...valid['authenticator lost'], authenticator: {} },
      { ...valid['authenticator lost'], authenticator: { id: 'AQID', more: 1 } },
      { ...approval, decision: 'deny' },
      { ...approval, approver: 'dev' },
      { ...approval, nonce: 'A'.repeat(42) },
      { ...approval, nonce: `${'A'.repeat(42)}B` },
      { ...approval, nonce: 'A'.repeat(44) },
      { ...approval, assertion: null },
      { ...approval, assertion: { ...assertion, more: 1 } },
      { ...approval, assertion: without(assertion, 'signature') },
      { ...approval, envelope: without(envelope, 'revision') },
      { ...approval, envelope: { ...envelope, ttl: -1 } },
      { ...approval, envelope: { ...envelope, scopes: 's' } },
      { ...approval, envelope: { ...envelope, audience: 'a\n' } },
      { ...approval, envelope: { ...envelope, fields: [] } },
      { ...approval, envelope: { ...envelope, flow: 'ci' } },
      { ...approval, envelope: { ...envelope, more: 1 } },
      { ...decision, decision: 'approve' },
      { ...decision, nonce },
      { ...decision, digest: hex('b'), assertion },
    ]) {
      expect(refusal(canonicalJson(bad))).not.toBe('accepted');
    }
  });

  test('L5 a private or symmetric key is refused', () => {
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) {
      const record = { ...valid['key'], public_jwk: { kty: 'RSA', [member]: 'AAAA' } };
      expect(refusal(canonicalJson(record))).toContain(`\`public_jwk.${member}\``);
      const jwk = { ...authenticator.public_jwk, [member]: 'AAAA' };
      const added = { ...valid['authenticator added'], authenticator: { ...authenticator, public_jwk: jwk } };
      expect(refusal(canonicalJson(added))).toContain(`\`public_jwk.${member}\``);
    }
    expect(refusal(canonicalJson({ ...valid['key'], public_jwk: {} }))).toContain('kty');
  });

  test('L6 no text of a record can move a cursor or break a line', () => {
    for (const bad of ['a\nb', 'a\rb', 'a\u001b[31mb', 'a\u0000', 'a\u0085b', 'a\u009b2J', 'a\tb']) {
      expect(refusal(canonicalJson({ ...valid['freeze'], reason: bad }))).toContain(
        '`reason` holds a control',
      );
    }
  });

  test('only the canonical text of a record is one', () => {
    const text = canonicalJson(issue);
    for (const bad of [
      ` ${text}`,
      `${text}\n`,
      JSON.stringify(issue, null, 1),
      text.replace('"ttl":900', '"ttl":900.0'),
      text.replace('"ttl":900', '"ttl":9e2'),
      text.replace('"ttl":900', '"ttl":1,"ttl":900'),
      text.replace('"run-1"', '"\\u0072un-1"'),
      text.replace('{"artefacts"', '{"Artefacts":1,"artefacts"'),
    ]) {
      expect(bad).not.toBe(text);
      expect(refusal(bad)).not.toBe('accepted');
    }
  });

  test.each(['', 'null', '[]', '1', '"issue"', '{}', '{', 'undefined'])('%j is not a record', (text) => {
    expect(refusal(text)).not.toBe('accepted');
  });

  test('F14 nesting without end is refused before it is walked', () => {
    const bomb = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(refusal(bomb)).toContain('nested');
  });

  test('a type nobody knows is refused, a member of the prototype too', () => {
    for (const type of ['mint', 'constructor', '__proto__', 'Issue', '']) {
      expect(refusal(canonicalJson({ ...issue, type }))).toContain('`type`');
    }
    const proto = canonicalJson(valid['freeze']).replace('{', '{"__proto__":{"scope":"everything"},');
    expect(refusal(proto)).not.toBe('accepted');
  });
});
