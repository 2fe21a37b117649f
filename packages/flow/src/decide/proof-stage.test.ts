import type { Evidence, Facts, Value } from '@writ/core';
import { Decimal } from '@writ/core';
import {
  AGENT_FLOW,
  DEPLOY_FLOW,
  DEVICE_FLOW,
  type Edit,
  goodFacts,
  type Installation,
  KEY_FLOW,
  loadAcme,
  NOON,
  neverFrozen,
} from '@writ/testkit/facts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';

const acme = loadAcme();
const CI = 'flows/ci-deploy-token.flow.yaml';

function firstEvidence(facts: Facts): Evidence {
  const [first] = facts.evidence;
  if (first === undefined) throw new Error('no evidence');
  return first;
}

/** The good deployment with other claims; `undefined` takes one away. */
function claiming(changes: Readonly<Record<string, Value | undefined>>, there: Installation = acme): Facts {
  const facts = goodFacts(DEPLOY_FLOW, there);
  const evidence = firstEvidence(facts);
  const claims = Object.entries({ ...evidence.claims, ...changes }).filter(
    (entry): entry is [string, Value] => entry[1] !== undefined,
  );
  return { ...facts, evidence: [{ ...evidence, claims: Object.fromEntries(claims) }] };
}

/** `outcome`, or the rules that refused. */
function rules(facts: Facts, there: Installation = acme): readonly string[] {
  const verdict = decide(there.set, facts, NOON);
  return verdict.outcome === 'refused' ? verdict.reasons.map(({ rule }) => rule) : [verdict.outcome];
}

describe('match', () => {
  test.each([
    ['G3', 'repository', 'acme/payments-evil'],
    ['G3', 'repository', 'acme/payments2'],
    ['G3', 'repository', 'evil/acme/payments'],
    ['G3', 'repository', 'Acme/payments'],
    ['G3', 'repository', ''],
    ['S1.7', 'ref', 'refs/heads/release-'],
    ['S1.7', 'ref', 'refs/heads/release-1/../main'],
    ['S1.7', 'ref', 'refs/heads/release-1/x'],
    ['S1.7', 'ref', 'x/refs/heads/release-1'],
    ['S1.7', 'ref', 'refs/tags/release-1'],
    ['G4', 'environment', 'staging:environment:production'],
    ['G4', 'environment', 'production '],
    ['G4', 'environment', 'PRODUCTION'],
  ])('%s `%s` is not `%s`', (_, claim, value) => {
    // `release-*` takes zero characters too, but never makes a segment empty; the first row of refs is the border.
    const expected = value === 'refs/heads/release-' ? ['issue'] : [`proof.github.${claim}`];
    expect(rules(claiming({ [claim]: value }))).toEqual(expected);
  });

  test('a claim of another type than the match is for does not match', () => {
    for (const value of [7, true, ['production'], { production: 'production' }]) {
      expect(rules(claiming({ environment: value }))).toEqual(['proof.github.environment']);
    }
    expect(rules(claiming({ repository_id: 551237781 }))).toEqual(['issue']);
  });

  test('law 1 a claim that is absent refuses, one by one and by name', () => {
    for (const claim of ['repository_id', 'repository', 'ref', 'environment', 'runner_environment']) {
      expect(rules(claiming({ [claim]: undefined }))).toEqual([`proof.github.${claim}`]);
    }
  });

  test('every mismatch is told at once', () => {
    expect(rules(claiming({ ref: 'refs/heads/main', environment: undefined }))).toEqual([
      'proof.github.ref',
      'proof.github.environment',
    ]);
  });

  test('`contains` holds of a set with that member and of nothing else', () => {
    const there = loadAcme(
      ['anchors/github-actions.yaml', 'actor: actor_id', 'claims: { teams: { type: set } }\nactor: actor_id'],
      [CI, '        environment: production\n', '        teams: { contains: payments }\n'],
    );
    const held = (teams: Value): readonly string[] => rules(claiming({ teams }, there), there);
    expect(held(['payments', 'x'])).toEqual(['issue']);
    for (const other of [[], ['payments-evil'], 'payments', { payments: true }]) {
      expect(held(other)).toEqual(['proof.github.teams']);
    }
  });
});

describe('any and all', () => {
  const two = (mode: string): Installation =>
    loadAcme([
      CI,
      '  any:\n    - id: github\n',
      `  ${mode}:
    - id: tag
      anchor: github-actions/acme
      max-age: 5m
      match: { repository_id: "551237781", ref_type: branch }
    - id: github
`,
    ]);
  const writes: Edit = [
    CI,
    'evidence.github.event_name == "pull_request_target"',
    'evidence has github && evidence.github.event_name == "pull_request_target"',
  ];
  const optional: Edit = [
    CI,
    '!(evidence.github has ref_protected',
    '!(evidence has github && evidence.github has ref_protected',
  ];

  test('`any` is satisfied by each, and the first accepted is not the only one recorded', () => {
    const there = loadAcme(
      [
        CI,
        '  any:\n',
        '  any:\n    - { id: tag, anchor: github-actions/acme, max-age: 5m, match: { ref_type: branch } }\n',
      ],
      writes,
      optional,
    );
    const verdict = decide(there.set, goodFacts(DEPLOY_FLOW, there), NOON);
    expect(verdict).toMatchObject({
      outcome: 'issue',
      decidedBy: expect.arrayContaining(['proof.tag', 'proof.github']),
    });
    const other = claiming({ ref: 'refs/heads/main' }, there);
    expect(decide(there.set, other, NOON)).toMatchObject({
      outcome: 'issue',
      bounds: { proven: [{ proof: 'tag' }] },
    });
  });

  test('G13 one token accepted for two proofs is spent once', () => {
    const there = two('all');
    const verdict = decide(there.set, goodFacts(DEPLOY_FLOW, there), NOON);
    expect(verdict).toMatchObject({ outcome: 'issue', bounds: { proven: [{}, {}] } });
    expect(verdict.outcome === 'issue' && verdict.consume).toHaveLength(1);
  });

  test('`all` needs each', () => {
    const there = two('all');
    expect(rules(claiming({ ref_type: 'tag' }, there), there)).toEqual(['proof.tag.ref_type']);
  });

  test('law 1 an empty list of proofs proves nothing', () => {
    const flow = acme.set.flows.get(DEPLOY_FLOW);
    if (flow === undefined) throw new Error('no flow');
    for (const mode of ['any', 'all', 'none' as never] as const) {
      const proof = { ...flow.definition.proof, mode, proofs: [] };
      const flows = new Map(acme.set.flows).set(DEPLOY_FLOW, {
        ...flow,
        definition: { ...flow.definition, proof },
      });
      const facts = { ...goodFacts(DEPLOY_FLOW, acme), evidence: [] };
      expect(decide({ ...acme.set, flows }, facts, NOON)).toMatchObject({
        outcome: 'refused',
        reasons: [{ rule: 'proof', message: 'this flow believes no evidence at all' }],
      });
    }
  });

  test('law 1 an empty `one-of` matches nothing', () => {
    const there = loadAcme([
      'flows/integration-api-key.flow.yaml',
      'one-of: [phishing-resistant]',
      'one-of: []',
    ]);
    expect(rules(goodFacts(KEY_FLOW, there), there)).toEqual(['proof.requester.acr']);
  });

  test('evidence whose match failed contributes nothing, not even to what must be the same', () => {
    const there = loadAcme(
      [
        CI,
        `        repository_id: "551237781"      # immutable id, not only the name
        repository: acme/payments
        ref: { like: "refs/heads/release-*" }
        environment: production
        runner_environment: self-hosted
`,
        `        repository_id: { same-as: evidence.lab.project_id }
    - id: lab
      as: actor
      anchor: gitlab-ci/acme
      max-age: 5m
      match: { project_id: { same-as: evidence.github.repository_id }, ref_protected: "true" }
`,
      ],
      writes,
      optional,
    );
    const good = goodFacts(DEPLOY_FLOW, there);
    const github = firstEvidence(good);
    const lab = (claims: Readonly<Record<string, Value>>): Facts => {
      const evidence: Evidence = {
        ...github,
        anchor: 'gitlab-ci/acme',
        role: 'actor',
        issuer: 'https://gitlab.acme.example',
        claims,
      };
      const facts = { ...good, evidence: [github, evidence] };
      return { ...facts, freezes: neverFrozen(facts) };
    };
    expect(rules(lab({ project_id: '551237781', ref_protected: 'true' }), there)).toEqual(['issue']);
    // The id is the same, but on a token that proves nothing: then it proves nothing about the other either.
    expect(rules(lab({ project_id: '551237781', ref_protected: 'false' }), there)).toEqual([
      'proof.github.repository_id',
      'proof.lab.project_id',
      'proof.lab.ref_protected',
    ]);
    expect(rules(good, there)).toEqual(['proof.github.repository_id']);
  });

  test('S0.9 `same-as` holds a device to its own serial', () => {
    const facts = goodFacts(DEVICE_FLOW, acme);
    const other = facts.identity && {
      ...facts.identity,
      attributes: { ...facts.identity.attributes, serial: 'SN-9' },
    };
    expect(rules({ ...facts, identity: other })).toEqual(['proof.registry.serial']);
    const none = facts.identity && { ...facts.identity, attributes: {} };
    expect(rules({ ...facts, identity: none })).toEqual(['proof.registry.serial']);
  });
});

describe('what the caller is told (law 14)', () => {
  const disclosed = (facts: Facts, there: Installation = acme): boolean | null => {
    const verdict = decide(there.set, facts, NOON);
    return verdict.outcome === 'refused' ? verdict.disclose : null;
  };

  test('E1 the right repository with a wrong claim hears the rule, the claim and its own value', () => {
    const verdict = decide(acme.set, claiming({ ref: 'refs/heads/main' }), NOON);
    expect(verdict).toMatchObject({
      disclose: true,
      reasons: [
        {
          rule: 'proof.github.ref',
          claim: 'ref',
          value: 'refs/heads/main',
          expected: 'like refs/heads/release-*',
        },
      ],
    });
  });

  test('E1 a stranger hears nothing, whatever else is wrong or right', () => {
    const stranger = claiming({ repository_id: '1' });
    expect(disclosed(stranger)).toBe(false);
    expect(disclosed({ ...stranger, request: { ...stranger.request, scopes: [] } })).toBe(false);
    expect(disclosed({ ...stranger, freezes: { ...stranger.freezes, 'owner:user:ana': '1 frozen' } })).toBe(
      false,
    );
    expect(disclosed({ ...stranger, evidence: [] })).toBe(false);
  });

  test('E1 evidence for no flow of this identity discloses nothing', () => {
    const facts = goodFacts(DEPLOY_FLOW, acme);
    const unknown = { ...facts, request: { ...facts.request, right: 'edge-devices' } };
    expect(disclosed(unknown)).toBe(false);
  });

  test('a proof that names no immutable id identifies nobody', () => {
    const facts = goodFacts(KEY_FLOW, acme);
    expect(disclosed({ ...facts, request: { ...facts.request, scopes: [] } })).toBe(false);
  });

  test('one identified proof is enough, and evidence that is too old still identifies', () => {
    const facts = goodFacts(AGENT_FLOW, acme);
    const [agent, person] = facts.evidence;
    if (agent === undefined || person === undefined) throw new Error('no evidence');
    const weak = { ...person, claims: { ...person.claims, acr: 'single-factor' } };
    expect(disclosed({ ...facts, evidence: [agent, weak] })).toBe(true);
    const old = { ...agent, issuedAt: NOON - 301_000 };
    expect(disclosed({ ...facts, evidence: [old, person] })).toBe(true);
    const stranger = { ...agent, claims: { subject: 'spiffe://agents.acme.example/ns/test/agent/crm' } };
    expect(disclosed({ ...facts, evidence: [stranger, weak] })).toBe(false);
  });

  test('E1 whatever the claims are, it is told only to the immutable id', () => {
    const names = Object.keys(firstEvidence(goodFacts(DEPLOY_FLOW, acme)).claims);
    const value = fc.oneof(
      fc.constantFrom<Value>('551237781', 'acme/payments', 'refs/heads/release-1', 'production', '', 7, true),
      fc.string(),
      fc.array(fc.string(), { maxLength: 2 }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (changes) => {
        const facts = claiming({ ...changes, event_name: 'pull_request_target' });
        const id = firstEvidence(facts).claims['repository_id'];
        const matched = id === '551237781' || id === 551237781;
        expect(disclosed(facts)).toBe(matched);
      }),
      { numRuns: 500 },
    );
  });
});

test('a claim of any declared type can be compared, shown and projected', () => {
  const declared: Edit = [
    'anchors/github-actions.yaml',
    'actor: actor_id',
    'claims: { score: { type: decimal } }\nactor: actor_id',
  ];
  const read: Edit = [
    CI,
    'when: evidence.github.event_name == "pull_request_target"',
    'when: evidence.github has score && evidence.github.score == decimal("0.5")',
  ];
  const matched: Edit = [
    CI,
    '        environment: production\n',
    '        environment: production\n        score: "0.7"\n',
  ];
  const score = new Decimal(7000n);
  const refusing = loadAcme(declared, matched);
  expect(decide(refusing.set, claiming({ score }, refusing), NOON)).toMatchObject({
    outcome: 'refused',
    reasons: [{ claim: 'score', value: '"7000"' }],
  });
  const issuing = loadAcme(declared, read);
  const verdict = decide(issuing.set, claiming({ score }, issuing), NOON);
  expect(verdict).toMatchObject({
    outcome: 'issue',
    bounds: { projections: [{ claims: { score: '"7000"' } }] },
  });
  expect(rules(claiming({ score: new Decimal(5000n) }, issuing), issuing)).toEqual([
    'policy.forbid.base-code-for-a-fork',
  ]);
});
