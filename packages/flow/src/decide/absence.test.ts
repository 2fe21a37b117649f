import type { Facts, Verdict } from '@writ/core';
import { FLOWS, goodFacts, loadAcme, NOON } from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import { decide } from './decide.ts';

const acme = loadAcme();

/** A value with one thing in it gone, emptied or unknown, and where that was. */
interface Damage {
  readonly at: string;
  readonly value: unknown;
}

/** Every way to take one thing away from a tree of data: a member, an item; or to empty or garble a value of it. */
function* damages(value: unknown, at = ''): Generator<Damage> {
  if (Array.isArray(value)) {
    if (value.length > 0) yield { at: `${at} emptied`, value: [] };
    for (const [i, item] of value.entries()) {
      yield { at: `${at}/${i} removed`, value: value.filter((_, j) => j !== i) };
      for (const inner of damages(item, `${at}/${i}`)) {
        yield { at: inner.at, value: value.map((each: unknown, j) => (j === i ? inner.value : each)) };
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const { [name]: _gone, ...rest } = value as Readonly<Record<string, unknown>>;
      yield { at: `${at}/${name} removed`, value: rest };
      for (const inner of damages(member, `${at}/${name}`)) {
        yield { at: inner.at, value: { ...rest, [name]: inner.value } };
      }
    }
  } else if (typeof value === 'string') {
    yield { at: `${at} empty`, value: '' };
    yield { at: `${at} unknown`, value: `${value}?` };
  } else if (typeof value === 'number') {
    yield { at: `${at} NaN`, value: Number.NaN };
  }
}

/** What can be gone without being missed: nothing demands it of this flow, or its absence is a value of its own. */
const NOT_DEMANDED: readonly RegExp[] = [
  // The life is then the default; events, confirmations and lineage are none to begin with.
  /^\/request\/ttl removed$/,
  /^\/(?:events|approvals|confirmations|lineage|pinned|before) removed$/,
  // Budgets are compared by the committer, under its lock.
  /^\/budget/,
  // Attributes no rule of the flow reads; an unread text is only said on.
  /^\/identity\/(?:purpose|environment|deputy|uri|name|revision|previouslyRevoked|revisionReviewed)/,
  /^\/identity\/attributes\/(?:trust_anchor|partner|contact|egress|task|data_sets|commands)/,
  /^\/identity\/attributes(?: removed|\/serial removed)$/,
  // Keys are for authenticating, and bindings for what was issued; of an entitlement what is asked for matters.
  /^\/identity\/(?:keys|boundSince)/,
  /^\/identity\/entitlement\/(?:environments|commands|dataSets|(?:scopes|audiences)\/1 )/,
  // Who may approve matters where somebody must.
  /^\/people/,
  // Optional fields of the request, and the values of free ones.
  /^\/request\/fields\/commands removed$/,
  /^\/request\/fields\/(?:commands|data_sets|task)(?:\/0 removed| emptied| empty| unknown)$/,
  // Evidence names itself; the anchor's schema and the attestor answer for these.
  /^\/evidence\/\d\/(?:digest|issuer)/,
  /^\/evidence\/\d\/(?:issuedAt|expiresAt|assurance) NaN$/,
  /^\/evidence\/\d\/tokenId unknown$/,
  // Another release branch; protection matters to writing alone, and only one event is forbidden.
  /^\/evidence\/0\/claims\/(?:ref unknown|event_name (?:empty|unknown)|ref_protected \w+) of ci-deploy-token$/,
  /^\/sources removed of (?:device-certificate|integration-api-key)$/,
  /^\/evidence\/0\/tokenId removed of agent-tool-identity$/,
  /^\/holder\/thumbprint unknown$/,
  // Any agent of the namespace may be the actor, and any person may be acted for; the region matters to EU data alone.
  /^\/evidence\/\d\/claims\/subject unknown$/,
  /^\/sources\/workspaces\/value\/region (?:empty|unknown)$/,
];

/** Claims that the conditions and matches of a flow do not read. */
function unread(set: ArtefactSet, facts: Facts, at: string): boolean {
  const match = /^\/evidence\/(\d)\/claims\/([a-z_]+) (?:removed|empty|unknown)$/.exec(at);
  if (match === null) return false;
  const evidence = facts.evidence[Number(match[1])];
  const flow = set.flows.get(facts.request.flow);
  const proof = flow?.definition.proof.proofs.find(({ anchor }) => anchor === evidence?.anchor);
  return flow?.reads.includes(`evidence.${proof?.id}.${match[2]}`) === false;
}

/** Without the sources this flow does not declare. */
function onlyRead(facts: Facts): Facts {
  const declared = Object.values(acme.set.flows.get(facts.request.flow)?.definition.facts ?? {});
  const sources = Object.entries(facts.sources).filter(([name]) =>
    declared.some(({ source }) => source === name),
  );
  return { ...facts, sources: Object.fromEntries(sources) };
}

function tried(set: ArtefactSet, facts: Facts): Verdict | 'threw' {
  try {
    return decide(set, facts, NOON);
  } catch {
    return 'threw';
  }
}

describe('law 1: absence refuses', () => {
  test.each(FLOWS)(
    'whatever is taken out of the facts of %s, nothing is issued that leaned on it',
    (flow) => {
      const facts = onlyRead(goodFacts(flow, acme));
      const issued: string[] = [];
      let count = 0;
      for (const { at, value } of damages(facts)) {
        count += 1;
        const verdict = tried(acme.set, value as Facts);
        if (verdict === 'threw' || verdict.outcome !== 'issue') continue;
        if (
          !NOT_DEMANDED.some((allowed) => allowed.test(at) || allowed.test(`${at} of ${flow}`)) &&
          !unread(acme.set, facts, at)
        )
          issued.push(at);
      }
      expect(count).toBeGreaterThan(100);
      expect(issued).toEqual([]);
    },
  );

  test.each(FLOWS)('every claim that %s reads is missed', (flow) => {
    const facts = goodFacts(flow, acme);
    const compiled = acme.set.flows.get(flow);
    for (const [i, evidence] of facts.evidence.entries()) {
      const proof = compiled?.definition.proof.proofs.find(({ anchor }) => anchor === evidence.anchor);
      for (const claim of Object.keys(evidence.claims)) {
        if (compiled?.reads.includes(`evidence.${proof?.id}.${claim}`) !== true) continue;
        // Read behind `has`: its absence is asked about, and forbids writing only.
        if (claim === 'ref_protected') continue;
        const { [claim]: _gone, ...claims } = evidence.claims;
        const without = facts.evidence.map((each, j) => (i === j ? { ...each, claims } : each));
        const verdict = decide(acme.set, { ...facts, evidence: without }, NOON);
        expect([claim, verdict.outcome]).toEqual([claim, 'refused']);
      }
    }
  });

  test.each(FLOWS)('every single thing that is unread of the freezes of %s refuses', (flow) => {
    const facts = goodFacts(flow, acme);
    for (const scope of Object.keys(facts.freezes)) {
      const { [scope]: _gone, ...freezes } = facts.freezes;
      expect(decide(acme.set, { ...facts, freezes }, NOON)).toMatchObject({
        outcome: 'refused',
        reasons: [{ rule: 'gate.freeze', message: `issuance is frozen for \`${scope}\`` }],
      });
    }
  });

  test.each(['flows', 'rights', 'anchors', 'guardrails', 'groups', 'sources'] as const)(
    'an installation without its %s issues nothing it would have bounded',
    (part) => {
      for (const flow of FLOWS) {
        const facts = goodFacts(flow, acme);
        const empty = { ...acme.set, [part]: part === 'guardrails' ? [] : new Map() } as ArtefactSet;
        const { outcome } = decide(empty, facts, NOON);
        // No guardrail is said aloud in its file; groups and sources are in the facts when a decision is made.
        const bounding = !['guardrails', 'groups', 'sources'].includes(part);
        expect(outcome).toBe(bounding ? 'refused' : 'issue');
      }
    },
  );

  test('every list of what is asked, permitted or believed refuses when it is empty', () => {
    for (const name of FLOWS) {
      const facts = goodFacts(name, acme);
      const flow = acme.set.flows.get(name);
      if (flow === undefined) throw new Error(`no flow ${name}`);
      const { definition } = flow;
      const { request, proof, bind, deliver } = definition;
      const emptied = [
        { ...flow, permit: [] },
        { ...flow, definition: { ...definition, request: { ...request, scopes: [] } } },
        { ...flow, definition: { ...definition, request: { ...request, audience: [] } } },
        { ...flow, definition: { ...definition, proof: { ...proof, proofs: [] } } },
        { ...flow, definition: { ...definition, bind: { ...bind, pop: [] } } },
        { ...flow, definition: { ...definition, deliver: { ...deliver, to: [] } } },
        ...('kinds' in request.by
          ? [{ ...flow, definition: { ...definition, request: { ...request, by: { kinds: [] } } } }]
          : [{ ...flow, definition: { ...definition, request: { ...request, by: { from: '' } } } }]),
      ];
      for (const each of emptied) {
        const flows = new Map(acme.set.flows).set(name, each);
        expect(decide({ ...acme.set, flows }, facts, NOON).outcome).toBe('refused');
      }
    }
  });

  test('a request that belongs to no right of this identity is nobody’s', () => {
    for (const flow of FLOWS) {
      const facts = goodFacts(flow, acme);
      const strange: readonly Facts[] = [
        { ...facts, identity: null },
        { ...facts, identity: facts.identity && { ...facts.identity, name: 'svc-other' } },
        { ...facts, request: { ...facts.request, identity: 'svc-other' } },
        { ...facts, request: { ...facts.request, right: 'payments-artifacts' } },
        { ...facts, request: { ...facts.request, right: '__proto__' } },
        { ...facts, request: { ...facts.request, audience: 'https://deploy.acme.example.evil' } },
        { ...facts, request: { ...facts.request, flow: 'no-such-flow' } },
        {
          ...facts,
          request: { ...facts.request, flow: flow === FLOWS[0] ? 'agent-tool-identity' : 'ci-deploy-token' },
        },
      ];
      for (const each of strange) {
        expect(decide(acme.set, each, NOON)).toMatchObject({
          outcome: 'refused',
          disclose: false,
          reasons: [{ stage: 'request', rule: 'right' }],
        });
      }
    }
  });

  test('a moment that is no time refuses', () => {
    for (const flow of FLOWS)
      expect(decide(acme.set, goodFacts(flow, acme), Number.NaN).outcome).toBe('refused');
  });
});
