import type { Facts } from '@writ/core';
import { AGENT_FLOW, DEPLOY_FLOW, goodFacts, identityFacts, loadAcme, NOON } from '@writ/testkit/facts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import type { Expression } from '../condition/expression.ts';
import { nearMisses } from './near-misses.ts';

const acme = loadAcme();

/** The example with these conditions as the rules that permit. */
function permitting(...conditions: readonly Expression[]): ArtefactSet {
  const flow = acme.set.flows.get(DEPLOY_FLOW);
  if (flow === undefined) throw new Error('no flow');
  const { policy } = flow.definition;
  const permit = conditions.map((expression, i) => ({
    id: `r${i}`,
    redundant: false,
    crossesSegments: false,
    when: { text: '', expression },
  }));
  const definition = { ...flow.definition, policy: { ...policy, forbid: [], permit }, approval: [] };
  return { ...acme.set, flows: new Map(acme.set.flows).set(DEPLOY_FLOW, { ...flow, definition }) };
}

const good = goodFacts(DEPLOY_FLOW, acme);
const value = (constant: string | boolean): Expression => ({ op: 'value', value: constant });
const get = (...path: readonly string[]): Expression => ({ op: 'get', path });
const is = (path: readonly string[], text: string): Expression => ({
  op: 'eq',
  left: { op: 'get', path },
  right: { op: 'value', value: text },
});
const and = (left: Expression, right: Expression): Expression => ({ op: 'and', left, right });

describe('nearMisses', () => {
  test('S2.6 a rule that one thing kept from applying is named, with what it wanted and what was there', () => {
    expect(nearMisses(acme.set, good, NOON)).toEqual([
      {
        rule: 'policy.permit.release-to-staging',
        message: 'permits when request.target is "staging"; here request.target is "production"',
      },
      {
        rule: 'policy.forbid.base-code-for-a-fork',
        message:
          'refuses when evidence.github.event_name is "pull_request_target"; here evidence.github.event_name is "push"',
      },
      {
        rule: 'approval.out-of-hours',
        message:
          'demands an approval when facts.change_window is not "open"; here facts.change_window is "open"',
      },
    ]);
  });

  test('S2.6 a rule that misses by two, or applies, is none', () => {
    const rules = nearMisses(acme.set, good, NOON).map(({ rule }) => rule);
    // The scope is not asked for, and the branch is protected.
    expect(rules).not.toContain('policy.forbid.write-only-from-protected');
    expect(rules).not.toContain('policy.permit.release-to-production');
    const writing: Facts = { ...good, request: { ...good.request, scopes: ['deploy:write'] } };
    expect(nearMisses(acme.set, writing, NOON).map(({ rule }) => rule)).toContain(
      'policy.forbid.write-only-from-protected',
    );
  });

  test('S2.6 several facts of one statement all stand in the message', () => {
    const [found] = nearMisses(acme.set, goodFacts(AGENT_FLOW, acme), NOON).filter(
      ({ rule }) => rule === 'approval.step-up-risk',
    );
    expect(found?.message).toBe(
      'demands an approval when facts.risk.score is at least 30 or facts.workspace.kind is not "managed"; here facts.risk.score is 10 and facts.workspace.kind is "managed"',
    );
  });

  test('S2.6 of an identity that is asked for as of everything else', () => {
    const rules = nearMisses(acme.set, identityFacts(acme), NOON).map(({ rule }) => rule);
    expect(rules).toEqual(['policy.forbid.partners-read-only', 'approval.security-review']);
  });

  test('exactly one false conjunct of any number makes a near miss', () => {
    const conjunct = fc.boolean();
    fc.assert(
      fc.property(fc.array(conjunct, { minLength: 1, maxLength: 6 }), fc.boolean(), (truths, leaning) => {
        const parts = truths.map((holds, i) =>
          holds ? is(['request', 'target'], 'production') : is(['request', 'target'], `other ${i}`),
        );
        const all = leaning
          ? parts.reduce((left, right) => and(left, right))
          : parts.reduceRight((right, left) => and(left, right));
        const missed = truths.filter((holds) => !holds).length;
        const found = nearMisses(permitting(all), good, NOON);
        const lacking = `permits when request.target is "other ${truths.indexOf(false)}"; here request.target is "production"`;
        expect(found.map(({ message }) => message)).toEqual(missed === 1 ? [lacking] : []);
      }),
    );
  });

  test('a part that cannot be evaluated makes none, and never throws', () => {
    const absent = is(['request', 'nothing'], 'x');
    const mistyped = and(get('request', 'target'), is(['request', 'target'], 'staging'));
    const found = nearMisses(
      permitting(absent, and(absent, is(['request', 'target'], 'staging')), mistyped),
      good,
      NOON,
    );
    expect(found).toEqual([]);
  });

  test('what is not known is said to be so', () => {
    const known: Expression = { op: 'has', path: ['evidence', 'github'], names: ['sha'] };
    expect(nearMisses(permitting(known), good, NOON)).toEqual([
      {
        rule: 'policy.permit.r0',
        message: 'permits when evidence.github.sha is known; here evidence.github.sha is not known',
      },
    ]);
  });

  test('a statement that no fact could make true is no near miss', () => {
    expect(nearMisses(permitting(value(false)), good, NOON)).toEqual([]);
  });

  test('evidence that was not accepted is not there', () => {
    const stranger: Facts = {
      ...good,
      evidence: good.evidence.map((each) => ({
        ...each,
        claims: { ...each.claims, ref: 'refs/heads/main' },
      })),
    };
    const rules = nearMisses(acme.set, stranger, NOON).map(({ rule }) => rule);
    expect(rules).not.toContain('policy.forbid.base-code-for-a-fork');
  });

  test('nothing is said of a flow or an identity that nobody knows', () => {
    const { request } = good;
    expect(nearMisses(acme.set, { ...good, request: { ...request, flow: 'gone' } }, NOON)).toEqual([]);
    expect(nearMisses(acme.set, { ...good, identity: null }, NOON)).toEqual([]);
    const unknownRight = nearMisses(acme.set, { ...good, request: { ...request, right: 'gone' } }, NOON);
    expect(unknownRight).toEqual(nearMisses(acme.set, good, NOON));
  });

  test('any flow on any facts is answered', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...acme.set.flows.keys()),
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()))),
        fc.double(),
        (flow, fields, now) => {
          const request = { ...good.request, flow, fields };
          expect(nearMisses(acme.set, { ...good, request, sources: {} }, now)).toBeInstanceOf(Array);
        },
      ),
    );
  });
});
