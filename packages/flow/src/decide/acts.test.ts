import type { Approval, Facts } from '@writ/core';
import { identityFacts, loadAcme, NOON } from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';

const acme = loadAcme();
const DAY = 86_400_000;

function outcomes(facts: Facts, now = NOON): readonly string[] {
  const verdict = decide(acme.set, facts, now);
  if (verdict.outcome === 'refused') return verdict.reasons.map(({ rule }) => `refused ${rule}`);
  if (verdict.outcome === 'issue') return ['issue'];
  return verdict.obligations.map(({ rule, missing }) => `${rule} ${missing}`);
}

/** As if these had approved: rule and person. */
function agreedBy(facts: Facts, ...given: readonly (readonly [string, string])[]): Facts {
  const verdict = decide(acme.set, { ...facts, approvals: [] }, NOON);
  if (verdict.outcome !== 'waiting') throw new Error(JSON.stringify(verdict));
  const approvals = given.map(([rule, person]): Approval => {
    const obligation = verdict.obligations.find((each) => each.rule === rule);
    const { digest = '', envelope = null } = obligation ?? {};
    return { rule, person, factor: 'webauthn', digest, decision: 'approve', at: NOON, envelope };
  });
  return { ...facts, approvals };
}

describe('a run that registers an identity', () => {
  const staging = identityFacts(acme);
  const production = identityFacts(acme, { environment: 'production' });

  test('S2.1 S3.7 waits for its owner, and in production for a reviewer as well', () => {
    expect(outcomes(staging)).toEqual(['owner-accepts 1']);
    expect(outcomes(agreedBy(staging, ['owner-accepts', 'user:mei']))).toEqual(['issue']);
    expect(outcomes(production)).toEqual(['owner-accepts 1', 'security-review 1']);
  });

  test('S2.6 owner and reviewer are different persons, though one is in both groups', () => {
    expect(
      outcomes(agreedBy(production, ['owner-accepts', 'user:mei'], ['security-review', 'user:mei'])),
    ).toEqual(['security-review 1']);
    expect(
      outcomes(agreedBy(production, ['owner-accepts', 'user:mei'], ['security-review', 'user:ida'])),
    ).toEqual(['issue']);
  });

  test('F1 the requester accepts nothing for a group that they are in', () => {
    const mine = identityFacts(acme, { owner: 'group:release-managers' });
    expect(outcomes({ ...mine, sources: owned(mine, 'group:release-managers') })).toEqual([
      'owner-accepts 1',
    ]);
    const facts = { ...mine, sources: owned(mine, 'group:release-managers') };
    expect(outcomes(agreedBy(facts, ['owner-accepts', 'user:rui']))).toEqual(['owner-accepts 1']);
    expect(outcomes(agreedBy(facts, ['owner-accepts', 'user:ana']))).toEqual(['issue']);
  });

  test('S2.4 the owner is the one the source knows, whatever the request says', () => {
    expect(outcomes({ ...staging, sources: owned(staging, 'group:integrations') })).toEqual([
      'refused policy.permit',
    ]);
  });

  test('S2.1 the record says whether a reviewer agreed', () => {
    const reviewed = (facts: Facts) => {
      const verdict = decide(acme.set, facts, NOON);
      return verdict.outcome === 'issue' ? verdict.bounds.proposal?.revisionReviewed : verdict;
    };
    expect(reviewed(agreedBy(staging, ['owner-accepts', 'user:mei']))).toBe(false);
    expect(
      reviewed(agreedBy(production, ['owner-accepts', 'user:mei'], ['security-review', 'user:ida'])),
    ).toBe(true);
  });

  test('law 2 what it commits is the revision after the one it was decided on', () => {
    const cellOf = (facts: Facts) => {
      const verdict = decide(acme.set, agreedBy(facts, ['owner-accepts', 'user:mei']), NOON);
      return verdict.outcome === 'issue'
        ? verdict.expect.find((each) => each.kind === 'cell' && each.cell === 'identity:svc-reporting')
        : verdict;
    };
    expect(cellOf(staging)).toMatchObject({ is: null });
    const next = identityFacts(acme, { revision: 5 });
    expect(cellOf({ ...next, before: { ...identityOf(staging), revision: 4 } })).toMatchObject({ is: '4' });
  });

  test('S1.11 a change is accepted by the owner there is, not by the one there would be', () => {
    const next = identityFacts(acme, { revision: 2, owner: 'group:release-managers' });
    const facts = {
      ...next,
      before: { ...identityOf(staging), owner: 'group:device-trust' },
      sources: owned(next, 'group:release-managers'),
    };
    expect(outcomes(agreedBy(facts, ['owner-accepts', 'user:ana']))).toEqual(['owner-accepts 1']);
    expect(outcomes(agreedBy(facts, ['owner-accepts', 'user:ida']))).toEqual(['issue']);
  });

  test('the sign-in counts as of when it was asked, and is spent by nothing', () => {
    const later = agreedBy(staging, ['owner-accepts', 'user:mei']);
    const name = 'ownership/repositories';
    const observed = { value: later.sources[name]?.value ?? '', observedAt: NOON + 2 * DAY };
    const verdict = decide(
      acme.set,
      { ...later, sources: { ...later.sources, [name]: observed } },
      NOON + 2 * DAY,
    );
    expect(verdict).toMatchObject({ outcome: 'issue', consume: [] });
    const stale = { ...staging, openedAt: NOON + DAY };
    expect(outcomes(stale, NOON + DAY)).toEqual(['refused proof.requester']);
  });

  test('law 14 whoever signed in is told why; a stranger is not', () => {
    const wrong = { ...staging, request: { ...staging.request, scopes: ['root'] } };
    expect(decide(acme.set, wrong, NOON)).toMatchObject({ outcome: 'refused', disclose: true });
    const stranger = staging.evidence.map((each) => ({
      ...each,
      claims: { ...each.claims, subject: 'who' },
    }));
    expect(decide(acme.set, { ...wrong, evidence: stranger }, NOON)).toMatchObject({ disclose: false });
  });
});

function identityOf({ identity }: Facts): NonNullable<Facts['identity']> {
  if (identity === null) throw new Error('no identity');
  return identity;
}

function owned(facts: Facts, owner: string): Facts['sources'] {
  const name = 'ownership/repositories';
  return { ...facts.sources, [name]: { value: { owner, ticket: 'open' }, observedAt: NOON } };
}
