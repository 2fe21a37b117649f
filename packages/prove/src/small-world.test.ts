import type { Approval, Evidence, Facts, Identity, Person } from '@writ/core';
import { NO_ENTITLEMENT, planDigest } from '@writ/core';
import { type ArtefactSet, decide, formatProblem, freezeScopesOf, loadForPlan } from '@writ/flow';
import { expect, test } from 'vitest';
import { sha256 } from './fixture.test.ts';
import type { Side } from './index.ts';

/** A generator of numbers that gives the same ones every time (mulberry32). */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

type Roll = (sides: number) => number;

/** What a small flow is made of. */
export interface Parts {
  readonly permit: readonly string[];
  readonly forbid: readonly string[];
  readonly approval: readonly { readonly when: string; readonly require: string; readonly expires: string }[];
  readonly match: readonly string[];
  readonly x: string;
}

const ATOMS = [
  'request has x && request.x == "a"',
  'request has x && request.x like "a*"',
  'request has x && request.x like "*b"',
  'request has x && request.x != "a/b"',
  'request has x && request.x == evidence.p.d',
  'request has x && evidence.p has c && request.x == evidence.p.c',
  'evidence.p has c && evidence.p.c == "a/b"',
  'evidence.p.d == "b"',
  'evidence.p.d like "a*b"',
  'request.n < 2',
  'request.n >= 1',
  'request.n == 3',
  'request.n <= identity.revision',
  'request.scopes.contains("s1")',
  '["s1"].containsAll(request.scopes)',
  'request.scopes.containsAny(["s2", "s3"])',
  'request.scopes == ["s2"]',
  'identity.revision_reviewed',
  'identity.kind == "agent"',
  'request.ttl > duration("5m")',
] as const;

function choose<T>(roll: Roll, from: readonly T[]): T {
  const chosen = from[roll(from.length)];
  if (chosen === undefined) throw new Error('nothing to choose from');
  return chosen;
}

function condition(roll: Roll, depth = 2): string {
  const inner = (): string => `(${condition(roll, depth - 1)})`;
  if (depth === 0) return choose(roll, ATOMS);
  switch (roll(6)) {
    case 0:
      return `!${inner()}`;
    case 1:
    case 2:
      return `${inner()} && ${inner()}`;
    case 3:
      return `${inner()} || ${inner()}`;
    case 4:
      return `if ${inner()} then ${inner()} else ${inner()}`;
    default:
      return choose(roll, ATOMS);
  }
}

const MATCHES = [
  'd: b',
  'd: { like: "a*" }',
  'd: { one-of: [a, b] }',
  'd: { like: "*/b" }',
  'd: { same-as: request.x }',
  'c: a',
];
const FROM = ['group:g1', 'group:g2', 'owner', 'proof:p'];
const NOT = ['none', '[owner]', '[requester]', '[actor]', '[owner, actor]'];

function approval(roll: Roll): Parts['approval'][number] {
  const from = choose(roll, FROM);
  const not = from === 'owner' ? choose(roll, ['none', '[actor]']) : choose(roll, NOT);
  const count = from === 'proof:p' ? 1 : 1 + roll(2);
  const factor = roll(2) === 0 ? ', factor: webauthn' : '';
  return {
    when: condition(roll, 1),
    require: `{ from: "${from}", count: ${count}, not: ${not}${factor} }`,
    expires: choose(roll, ['1h', '2h']),
  };
}

function some<T>(roll: Roll, most: number, make: () => T): readonly T[] {
  return Array.from({ length: roll(most + 1) }, make);
}

export function parts(roll: Roll): Parts {
  return {
    permit: [condition(roll), ...some(roll, 1, () => condition(roll))],
    forbid: some(roll, 1, () => condition(roll)),
    approval: some(roll, 2, () => approval(roll)),
    match: some(roll, 1, () => choose(roll, MATCHES)),
    x: choose(roll, [', max-length: 4', ', one-of: [a, b, a/b]', ', max-length: 2', ', max-length: 3']),
  };
}

/** The same with one of its parts made anew, taken away, turned round or put in another order. */
export function variant(roll: Roll, old: Parts): Parts {
  const fresh = parts(roll);
  switch (roll(8)) {
    case 0:
      return { ...old, permit: fresh.permit };
    case 1:
      return { ...old, permit: [...old.permit, ...fresh.permit.slice(0, 1)] };
    case 2:
      return { ...old, forbid: fresh.forbid };
    case 3:
      return { ...old, forbid: old.forbid.map((each) => `!(!(${each}))`), permit: old.permit.toReversed() };
    case 4:
      return { ...old, approval: old.approval.slice(1) };
    case 5:
      return { ...old, approval: [...old.approval, approval(roll)] };
    case 6:
      return { ...old, match: fresh.match, x: fresh.x };
    default:
      return { ...old, permit: old.permit.map((each) => `(${each}) && (${choose(roll, ATOMS)})`) };
  }
}

const ANCHOR = `
writ: anchor/v1
anchor: test/one
issuer: https://test.one
assurance: 2
replay: once
actor: who
claims:
  sub: { type: string, required: true }
  who: { type: string, required: true }
  c: { type: string }
  d: { type: string, required: true }
`;

function flowOf({ permit, forbid, approval: approvals, match, x }: Parts): string {
  const rules = (all: readonly string[], more = ''): string =>
    all.map((when, i) => `\n    - { id: r${i}, ${more}when: '${when}' }`).join('') || ' []';
  return `
writ: flow/v1
flow: small
version: 1
owner: group:g1
summary: x
issues: token
tier: 2
request:
  by: { kinds: [agent, workload] }
  audience: { one-of: ["https://a.example"] }
  scopes: { subset-of: [s1, s2] }
  ttl: { max: 10m }
  fields:
    x: { type: string, required: false${x} }
    n: { type: long, required: true }
proof:
  min-assurance: 2
  any: [{ id: p, anchor: test/one, max-age: 5m, match: { ${match.join(', ')} } }]
policy:
  permit:${rules(permit)}
  forbid:${rules(forbid, 'because: x, ')}
approval:${approvals.map(({ when, require, expires }, i) => `\n  - { id: a${i}, when: '${when}', require: ${require}, expires: ${expires}, reuse: none }`).join('') || ' []'}
generate: { token: { format: jwt, alg: ES256, key: k, subject: identity.uri } }
bind: { pop: [dpop] }
deliver: { to: [caller] }
activate: { when: issued }
lifecycle: { renewable: false, max-lifetime: 1h, recover: none, revoke-on: [] }
`;
}

/** Null where Cedar finds the conditions unsound, for instance always false. */
export function sideOf(made: Parts): Side | null {
  const { set, problems } = loadForPlan(
    [
      { path: 'flow.yaml', text: flowOf(made) },
      { path: 'anchor.yaml', text: ANCHOR },
    ],
    sha256,
  );
  const [flow] = set?.flows.values() ?? [];
  if (set === null || flow === undefined) {
    const texts = problems.map(formatProblem).join('\n');
    if (!/impossible|always|never/.test(texts)) throw new Error(`${texts}\n${flowOf(made)}`);
    return null;
  }
  return { flow, around: { sha256, anchors: set.anchors, guardrails: [], packs: new Map(), rights: null } };
}

/** One request of the small world, with everybody who agrees. */
export interface Point {
  readonly facts: Facts;
  readonly acts: readonly Omit<Approval, 'digest' | 'rule'>[];
}

export const NOW = 1_800_000_000_000;
const TEXTS = ['a', 'b', 'ab', 'a/b', 'z', 'aab'];

export function points(roll: Roll, count: number): readonly Point[] {
  return Array.from({ length: count }, () => point(roll));
}

function point(roll: Roll): Point {
  const x = choose(roll, [null, ...TEXTS]);
  const c = choose(roll, [null, ...TEXTS]);
  const identity: Identity = {
    uri: 'spiffe://test/i',
    name: 'i',
    kind: choose(roll, ['agent', 'workload']),
    status: 'active',
    owner: 'group:owners',
    deputy: 'group:deputies',
    purpose: choose(roll, TEXTS),
    environment: 'e',
    expires: NOW + 100_000_000_000,
    revision: 1 + roll(3),
    revisionReviewed: roll(2) === 0,
    previouslyRevoked: false,
    attributes: { task: 't', data_sets: [], commands: [] },
    entitlement: { ...NO_ENTITLEMENT, audiences: ['https://a.example'], scopes: ['s1', 's2'] },
    keys: [],
    boundSince: 1,
  };
  const evidence: Evidence = {
    anchor: 'test/one',
    role: 'subject',
    issuer: 'https://test.one',
    tokenId: 't',
    digest: 'd',
    assurance: 2,
    claims: { sub: 'me', who: 'starter', d: choose(roll, TEXTS), ...(c === null ? {} : { c }) },
    issuedAt: NOW - 1000,
    expiresAt: NOW + 100_000,
  };
  const people = Array.from(
    { length: 4 },
    (_, i): Person => ({
      id: `user:p${i}`,
      subjects: [
        ...(i === 0 && roll(2) === 0 ? ['https://test.one#me'] : []),
        ...(i === 1 && roll(2) === 0 ? ['https://test.one#starter'] : []),
      ],
      groups: ['group:g1', 'group:g2', 'group:owners', 'group:deputies'].filter(() => roll(2) === 0),
    }),
  );
  const openedAt = NOW - choose(roll, [0, 5_400_000]);
  const scopes = choose(roll, [['s1'], ['s2'], ['s1', 's2']]);
  const freezes = freezeScopesOf({ identity, flow: 'small', right: 'r', anchors: ['test/one'] });
  return {
    facts: {
      request: {
        flow: 'small',
        right: 'r',
        identity: 'i',
        audience: 'https://a.example',
        scopes,
        ttl: choose(roll, [60, 400]),
        fields: { n: roll(4), ...(x === null ? {} : { x }) },
      },
      holder: { pop: 'dpop', thumbprint: 'k' },
      evidence: [evidence],
      identity,
      before: null,
      people,
      approvals: [],
      confirmations: [],
      events: [],
      lineage: null,
      sources: {},
      freezes: Object.fromEntries(freezes.map((scope) => [scope, null])),
      budget: { live: 0 },
      openedAt,
      pinned: null,
    },
    acts: people
      .filter(() => roll(2) === 0)
      .map(({ id }) => ({
        person: id,
        factor: choose(roll, ['webauthn', 'password']),
        decision: 'approve',
        at: openedAt,
        envelope: null,
      })),
  };
}

/** Whether the real decision issues, everybody having agreed to all that they were asked for. */
export function issues({ flow, around }: Side, { facts, acts }: Point): boolean {
  const { scopes } = facts.request;
  const set: ArtefactSet = {
    hash: 'small',
    sha256,
    flows: new Map([['small', flow]]),
    anchors: around.anchors,
    packs: around.packs,
    rights: new Map([
      [
        'r',
        {
          id: 'r',
          owner: 'o',
          authority: 'a',
          identity: 'i',
          flow: 'small',
          audience: 'https://a.example',
          scopes,
          maxTtl: 3600,
          expires: NOW + 1,
          revocation: 'introspection',
          suspended: false,
          budget: { rate: null, live: null },
        },
      ],
    ]),
    guardrails: [],
    groups: new Map(),
    roles: new Map(),
    people: [],
    audiences: new Map(),
    sources: new Map(),
  };
  const first = decide(set, facts, NOW);
  if (first.outcome !== 'waiting') return first.outcome === 'issue';
  const plan = planDigest(sha256, first.bounds, { set: set.hash, flow: flow.hash });
  const approvals = flow.definition.approval.flatMap(({ id }) =>
    acts.map((act) => ({ ...act, rule: id, digest: plan })),
  );
  return decide(set, { ...facts, approvals }, NOW).outcome === 'issue';
}

test('the small world has requests of every outcome', () => {
  const roll = dice(1);
  const made = Array.from({ length: 20 }, () => sideOf(parts(roll))).filter((side) => side !== null);
  const world = points(roll, 200);
  const issued = made.flatMap((side) => world.map((each) => issues(side, each)));
  expect(issued.filter(Boolean).length).toBeGreaterThan(100);
  expect(issued.filter((each) => !each).length).toBeGreaterThan(100);
});
