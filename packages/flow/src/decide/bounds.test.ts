import { type Bounds, type Facts, type Issue, planDigest } from '@writ/core';
import {
  AGENT_FLOW,
  DEPLOY_FLOW,
  DEVICE_FLOW,
  type Edit,
  FLOWS,
  type FlowName,
  goodFacts,
  type Installation,
  KEY_FLOW,
  loadAcme,
  NOON,
} from '@writ/testkit/facts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { evidenceKey } from './preconditions.ts';

const acme = loadAcme();
const CI = 'flows/ci-deploy-token.flow.yaml';

function issue(facts: Facts, there: Installation = acme, now = NOON): Issue {
  const verdict = decide(there.set, facts, now);
  if (verdict.outcome !== 'issue') throw new Error(JSON.stringify(verdict));
  return verdict;
}

function good(flow: FlowName, there: Installation = acme): Bounds {
  return issue(goodFacts(flow, there), there).bounds;
}

function digest(bounds: Bounds): string {
  return planDigest(acme.set.sha256, bounds, { set: acme.set.hash, flow: bounds.flow.hash });
}

describe('bounds', () => {
  test('S1.2 S1.7 what a deploy token may be, in full', () => {
    expect(good(DEPLOY_FLOW)).toEqual({
      flow: { name: DEPLOY_FLOW, version: 7, hash: acme.set.flows.get(DEPLOY_FLOW)?.hash },
      right: 'payments-deploy',
      identity: { uri: 'spiffe://acme.example/workload/svc-payments', name: 'svc-payments', revision: 1 },
      owner: 'user:ana',
      purpose: 'deploys the payments service',
      proposal: null,
      environment: 'production',
      subject: 'spiffe://acme.example/workload/svc-payments',
      actor: null,
      audience: 'https://deploy.acme.example',
      scopes: ['deploy:read'],
      ttl: 600,
      notIssuedAfter: 0,
      fields: { target: 'production' },
      inToken: [],
      generate: {
        kind: 'token',
        alg: 'ES256',
        key: 'issuer-prod',
        parameters: { format: 'jwt', alg: 'ES256', key: 'issuer-prod', subject: 'identity.uri' },
      },
      holder: goodFacts(DEPLOY_FLOW, acme).holder,
      pop: ['dpop', 'mtls'],
      source: null,
      deliver: ['caller'],
      activate: 'issued',
      proven: [
        {
          proof: 'github',
          anchor: 'github-actions/acme',
          digest: goodFacts(DEPLOY_FLOW, acme).evidence[0]?.digest,
          assurance: 2,
        },
      ],
      projections: [
        {
          proof: 'github',
          anchor: 'github-actions/acme',
          claims: {
            environment: 'production',
            event_name: 'push',
            ref: 'refs/heads/release-2026.11',
            ref_protected: 'true',
            repository: 'acme/payments',
            repository_id: '551237781',
            runner_environment: 'self-hosted',
          },
        },
      ],
      assurance: 2,
      freezeScopes: [
        'anchor:github-actions/acme',
        'everything',
        'flow:ci-deploy-token',
        'identity:svc-payments',
        'owner:user:ana',
        'right:payments-deploy',
      ],
      unattended: true,
    });
  });

  test('S2.8 an agent’s token says for whom it acts, who acts, and its limits', () => {
    const bounds = good(AGENT_FLOW);
    expect(bounds.subject).toBe('ana-7f3c');
    expect(bounds.actor).toBe('spiffe://acme.example/agent/crm');
    expect(bounds.inToken).toEqual(['data_sets', 'commands']);
    expect(bounds.fields).toMatchObject({ data_sets: ['crm-public'], commands: ['git status'] });
    const facts = goodFacts(AGENT_FLOW, acme);
    const few = { ...facts, request: { ...facts.request, fields: { task: 'x', data_sets: [] } } };
    expect(issue(few).bounds.inToken).toEqual(['data_sets']);
  });

  test('S0.9 a device’s certificate is for its own name, at its anchor', () => {
    const bounds = good(DEVICE_FLOW);
    expect(bounds.subject).toBe('spiffe://acme.example/device/edge-0042');
    expect(bounds.generate).toMatchObject({
      kind: 'x509',
      parameters: { ca: 'ca/devices-eu', eku: 'clientAuth' },
    });
    expect(bounds.assurance).toBe(3);
  });

  test('an integration’s key comes from its own network', () => {
    const bounds = good(KEY_FLOW);
    expect(bounds.source).toBe('192.0.2.0/24');
    expect(bounds.freezeScopes).toContain('integration:billing-export');
  });

  test.each<[string, FlowName, string, (facts: Facts) => Facts]>([
    [
      'a source that the identity does not have',
      KEY_FLOW,
      '`identity.egress` is absent',
      (facts) => ({ ...facts, identity: facts.identity && { ...facts.identity, attributes: {} } }),
    ],
    [
      'a subject that the evidence does not have',
      AGENT_FLOW,
      '`evidence.person.subject` is absent',
      (facts) => ({
        ...facts,
        evidence: facts.evidence.map((each) =>
          each.role === 'subject' ? { ...each, claims: { acr: 'phishing-resistant' } } : each,
        ),
      }),
    ],
    [
      'a subject that is empty',
      AGENT_FLOW,
      '`evidence.person.subject` is absent',
      (facts) => ({
        ...facts,
        evidence: facts.evidence.map((each) =>
          each.role === 'subject' ? { ...each, claims: { ...each.claims, subject: '' } } : each,
        ),
      }),
    ],
    [
      'a subject that is no text',
      AGENT_FLOW,
      '`evidence.person.subject` is absent',
      (facts) => ({
        ...facts,
        evidence: facts.evidence.map((each) =>
          each.role === 'subject' ? { ...each, claims: { ...each.claims, subject: ['a', 'b'] } } : each,
        ),
      }),
    ],
    [
      'an actor without a name',
      AGENT_FLOW,
      '`identity.uri` is absent',
      (facts) => ({ ...facts, identity: facts.identity && { ...facts.identity, uri: '' } }),
    ],
  ])('nothing is generated for %s', (_, flow, message, change) => {
    expect(decide(acme.set, change(goodFacts(flow, acme)), NOON)).toMatchObject({
      outcome: 'refused',
      reasons: [{ stage: 'generate', message }],
    });
  });

  test('the assurance of an issuance is that of its weakest proof', () => {
    const there = loadAcme(['flows/device-certificate.flow.yaml', 'min-assurance: 3', 'min-assurance: 1']);
    const facts = goodFacts(DEVICE_FLOW, there);
    const weakest = (...levels: readonly (1 | 2 | 3)[]): number => {
      const evidence = facts.evidence.map((each, i) => ({ ...each, assurance: levels[i] ?? 3 }));
      return issue({ ...facts, evidence }, there).bounds.assurance;
    };
    expect([weakest(3, 3), weakest(3, 2), weakest(2, 3), weakest(1, 3), weakest(1, 2)]).toEqual([
      3, 2, 2, 1, 1,
    ]);
  });

  test('projections hold exactly what the flow reads, and never what every token has anew', () => {
    for (const flow of FLOWS) {
      const { reads } = acme.set.flows.get(flow) ?? { reads: [] };
      for (const { proof, claims } of good(flow).projections) {
        expect(
          Object.keys(claims)
            .map((name) => `evidence.${proof}.${name}`)
            .toSorted(),
        ).toEqual(reads.filter((path) => path.startsWith(`evidence.${proof}.`)));
        for (const never of ['iat', 'exp', 'jti', 'nbf']) expect(claims).not.toHaveProperty(never);
      }
    }
  });
});

describe('the granted life', () => {
  const life = (ttl: number | null, there: Installation, change: Partial<Facts> = {}): number => {
    const facts = { ...goodFacts(DEPLOY_FLOW, there), ...change };
    return issue({ ...facts, request: { ...facts.request, ttl } }, there).bounds.ttl;
  };

  test('absent, it is the default where nothing bounds it closer', () => {
    expect(life(null, acme)).toBe(600);
  });

  test.each<[string, Edit, number]>([
    ['the right', ['rights/deploy.yaml', 'max-ttl: 15m', 'max-ttl: 4m'], 240],
    ['a guardrail', ['guardrails.yaml', 'max-ttl: 1h', 'max-ttl: 3m'], 180],
    ['the longest life of the flow', [CI, 'max-lifetime: 15m', 'max-lifetime: 2m'], 120],
    ['the default itself', [CI, 'default: 10m', 'default: 1m'], 60],
  ])('absent, it is the smaller of default and %s', (_, edit, wanted) => {
    const there = loadAcme(edit);
    expect(life(null, there)).toBe(wanted);
    expect(life(wanted, there)).toBe(wanted);
  });

  test('it ends before the identity does, however the seconds fall', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700_000 }), fc.nat(5_000), (left, offset) => {
        const now = NOON + offset;
        const facts = goodFacts(DEPLOY_FLOW, acme);
        const identity = facts.identity && { ...facts.identity, expires: now + left };
        const verdict = decide(acme.set, { ...facts, identity }, now);
        // The token's `iat` is the second the decision fell in; less than a second is no life.
        const ttl = verdict.outcome === 'issue' ? verdict.bounds.ttl : 0;
        expect(ttl > 0).toBe(left >= 1000);
        expect((Math.floor(now / 1000) + ttl) * 1000).toBeLessThanOrEqual(now + left);
      }),
    );
  });

  test('guardrails bind only those they are for', () => {
    const there = loadAcme([
      'guardrails.yaml',
      'issues: [token]\n    tiers: [0, 1]\n    max-ttl: 1h',
      'kinds: [agent]\n    max-ttl: 5m',
    ]);
    expect(life(null, there)).toBe(600);
    expect(good(AGENT_FLOW, there).ttl).toBe(300);
  });

  test('exactly the cap is granted, a second more is refused', () => {
    expect(life(900, acme)).toBe(900);
    const facts = goodFacts(DEPLOY_FLOW, acme);
    const verdict = decide(acme.set, { ...facts, request: { ...facts.request, ttl: 901 } }, NOON);
    expect(verdict).toMatchObject({
      outcome: 'refused',
      reasons: [
        { rule: 'request.ttl', value: '901s', expected: '900s' },
        { rule: 'lifecycle.max-lifetime' },
        { rule: 'right.payments-deploy' },
      ],
    });
  });
});

describe('the plan digest (law 6)', () => {
  test('stays when evidence is presented again', () => {
    for (const flow of FLOWS) {
      const facts = goodFacts(flow, acme);
      const again = facts.evidence.map((each) => ({
        ...each,
        tokenId: each.tokenId === null ? null : 'another',
        digest: 'd'.repeat(64),
        issuedAt: NOON - 1,
        expiresAt: NOON + 60_000,
      }));
      expect(digest(issue({ ...facts, evidence: again }).bounds)).toBe(digest(good(flow)));
    }
  });

  const changes: Readonly<Record<string, Partial<Bounds>>> = {
    flow: { flow: { name: 'other', version: 7, hash: '' } },
    identity: { identity: { uri: 'spiffe://acme.example/x', name: 'svc-payments', revision: 1 } },
    revision: { identity: { ...good(DEPLOY_FLOW).identity, revision: 2 } },
    subject: { subject: 'other' },
    actor: { actor: 'other' },
    audience: { audience: 'https://artifacts.acme.example' },
    scopes: { scopes: ['deploy:read', 'deploy:write'] },
    ttl: { ttl: 599 },
    'not-issued-after': { notIssuedAfter: 1 },
    fields: { fields: { target: 'staging' } },
    generate: { generate: { ...good(DEPLOY_FLOW).generate, key: 'issuer-test' } },
    parameters: { generate: { ...good(DEPLOY_FLOW).generate, parameters: {} } },
    pop: { pop: ['dpop'] },
    source: { source: '192.0.2.0/24' },
    deliver: { deliver: ['vault/x'] },
    activate: { activate: 'confirmed' },
    holder: { holder: { pop: 'dpop', thumbprint: 'other' } },
    'holder kind': { holder: { pop: 'mtls', thumbprint: good(DEPLOY_FLOW).holder?.thumbprint ?? '' } },
    'no holder': { holder: null },
    projections: { projections: [] },
  };

  test.each(Object.entries(changes))('changes with %s', (_, change) => {
    const bounds = good(DEPLOY_FLOW);
    expect(digest({ ...bounds, ...change })).not.toBe(digest(bounds));
  });

  test('changes with the value of each claim that is read', () => {
    const bounds = good(DEPLOY_FLOW);
    const [projection] = bounds.projections;
    if (projection === undefined) throw new Error('no projection');
    for (const name of Object.keys(projection.claims)) {
      const claims = { ...projection.claims, [name]: 'other' };
      expect(digest({ ...bounds, projections: [{ ...projection, claims }] })).not.toBe(digest(bounds));
    }
  });

  test('is about nothing born at generation', () => {
    const bounds = good(DEPLOY_FLOW);
    const proven = bounds.proven.map((each) => ({ ...each, digest: 'f'.repeat(64) }));
    expect(digest({ ...bounds, proven, unattended: false })).toBe(digest(bounds));
  });
});

describe('preconditions (law 2)', () => {
  test('are exactly the artefacts, the identity, every freeze scope and the budgets', () => {
    const { expect: cells } = issue(goodFacts(DEPLOY_FLOW, acme));
    const start = Math.floor(NOON / 3_600_000) * 3_600_000;
    expect(cells).toEqual([
      { kind: 'cell', cell: 'artefacts', is: acme.set.hash },
      { kind: 'cell', cell: 'identity:svc-payments', is: '1' },
      ...good(DEPLOY_FLOW).freezeScopes.map((scope) => ({ kind: 'cell', cell: `freeze:${scope}`, is: null })),
      { kind: 'rate', counter: `payments-deploy@${start}`, limit: 600, until: start + 3_600_000 },
      { kind: 'live', right: 'payments-deploy', limit: 200, now: NOON },
    ]);
  });

  test('a scope that was frozen once and freed is compared with what was read', () => {
    const facts = goodFacts(DEPLOY_FLOW, acme);
    const freezes = { ...facts.freezes, everything: '2 free' };
    expect(issue({ ...facts, freezes }).expect).toContainEqual({
      kind: 'cell',
      cell: 'freeze:everything',
      is: '2 free',
    });
  });

  test('a right without a budget expects none', () => {
    for (const flow of [AGENT_FLOW, DEVICE_FLOW, KEY_FLOW] as const) {
      expect(issue(goodFacts(flow, acme)).expect.every(({ kind }) => kind === 'cell')).toBe(true);
    }
  });

  test('G13 evidence is spent once; what is handed out repeatedly, for its first key', () => {
    const facts = goodFacts(AGENT_FLOW, acme);
    const [agent, person] = facts.evidence;
    expect(issue(facts).consume).toEqual([
      {
        key: `first-key ${agent?.digest}`,
        holder: facts.holder?.thumbprint,
        until: (agent?.expiresAt ?? 0) + 120_000,
      },
      {
        key: evidenceKey('https://login.acme.example', person?.tokenId ?? ''),
        holder: null,
        until: (person?.expiresAt ?? 0) + 120_000,
      },
    ]);
  });

  test('X9 the token spent through one flow is spent for every other', () => {
    const there = acme;
    expect(issue(goodFacts(AGENT_FLOW, there), there).consume[1]?.key).toBe(
      issue(goodFacts(KEY_FLOW, there), there).consume[0]?.key,
    );
  });

  test('T20 no two pairs of issuer and `jti` give one key, and no key is of another sort', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^["\\,[\] #a-b]{0,6}$/));
    fc.assert(
      fc.property(text, text, text, text, (issuerA, idA, issuerB, idB) => {
        const same = issuerA === issuerB && idA === idB;
        expect(evidenceKey(issuerA, idA) === evidenceKey(issuerB, idB)).toBe(same);
        expect(evidenceKey(issuerA, idA)).toMatch(/^evidence \[/);
      }),
      { numRuns: 1000 },
    );
  });
});
