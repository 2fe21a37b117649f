import { type Approval, type Facts, type Identity, type Person, planDigest } from '@writ/core';
import {
  DEPLOY_FLOW,
  goodFacts,
  IDENTITY_FLOW,
  identityFacts,
  loadAcme,
  NOON,
  neverFrozen,
} from '@writ/testkit/facts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import type { ApprovalRule, Condition } from '../definition/definition.ts';
import { decide } from './decide.ts';

/**
 * Random organisations: who is in which group, under which subjects they are known, who owns what, who asks and who started
 * the job. What is expected is worked out over the organisation as it was drawn, in numbers, and not by the code under test.
 */

const LOGIN = 'https://login.acme.example';
const GITHUB = 'https://token.actions.githubusercontent.com';
const GROUPS = ['group:g0', 'group:g1', 'group:g2', 'group:g3'] as const;
const WORDS = ['requester', 'owner', 'actor'] as const;
const EVE = -1;

interface Rule {
  /** a group's number, or the owner */
  readonly from: number | 'owner';
  readonly count: number;
  readonly not: readonly (typeof WORDS)[number][];
}

interface Organisation {
  /** of each person: how many accounts at the login and at the code host, and the groups they are in */
  readonly people: readonly {
    readonly logins: number;
    readonly accounts: number;
    readonly groups: readonly number[];
  }[];
  /** a person, or a group as 100 and its number */
  readonly owner: number;
  readonly deputy: number;
  /** of the revision before, where there is one */
  readonly before: { readonly owner: number; readonly deputy: number } | null;
  /** whether a person asks for an identity, or a release job for a token */
  readonly machine: boolean;
  /** who asks, or started the job; and by which of their subjects */
  readonly who: number;
  /** whether the code host's account of whoever started the job is linked to anybody */
  readonly linked: boolean;
  readonly under: number;
  readonly rules: readonly Rule[];
}

const principal = (people: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.nat({ max: people - 1 }),
    fc.nat({ max: GROUPS.length - 1 }).map((group) => 100 + group),
  );

const anyOrganisation: fc.Arbitrary<Organisation> = fc.integer({ min: 2, max: 10 }).chain((size) =>
  fc.record({
    people: fc.array(
      fc.record({
        logins: fc.integer({ min: 1, max: 3 }),
        accounts: fc.integer({ min: 1, max: 2 }),
        groups: fc.subarray(GROUPS.map((_, i) => i)),
      }),
      { minLength: size, maxLength: size },
    ),
    owner: principal(size),
    deputy: principal(size),
    before: fc.option(fc.record({ owner: principal(size), deputy: principal(size) })),
    machine: fc.boolean(),
    who: fc.nat({ max: size - 1 }),
    linked: fc.integer({ min: 0, max: 7 }).map((drawn) => drawn > 0),
    under: fc.nat({ max: 5 }),
    rules: fc.array(
      fc.record({
        from: fc.oneof(
          { weight: 3, arbitrary: fc.nat({ max: GROUPS.length - 1 }) },
          { weight: 1, arbitrary: fc.constant('owner' as const) },
        ),
        count: fc.constantFrom(1, 1, 1, 2, 2, 3),
        not: fc.subarray([...WORDS]),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
);

/** An identity has somebody behind its owner and its deputy: what else is proposed is refused whoever agrees. */
const organisations = anyOrganisation.filter(
  (of) => of.machine || [of.owner, of.deputy].every((each) => behind(of, each).length > 0),
);

/** Who is behind a principal. */
function behind({ people }: Organisation, who: number): readonly number[] {
  if (who < 100) return [who];
  return people.flatMap(({ groups }, i) => (groups.includes(who - 100) ? [i] : []));
}

/** Who may meet a rule: nobody, where it excludes somebody who is not known. */
function mayMeet(of: Organisation, { from, not }: Rule): readonly number[] {
  const { owner, deputy, before, machine, who, linked } = of;
  const own = [owner, deputy, ...(before === null || machine ? [] : [before.owner, before.deputy])];
  const owners = own.flatMap((each) => behind(of, each));
  const excluded = {
    owner: owners,
    // A person who asks through a page started no job.
    actor: machine ? [who] : [],
    requester: machine ? [...owners, who] : [who],
  };
  const unknown = machine && !linked && not.some((word) => word !== 'owner');
  if (unknown || not.some((word) => excluded[word].length === 0)) return [];
  const asked = behind(of, from === 'owner' ? (machine ? owner : (before?.owner ?? owner)) : 100 + from);
  return asked.filter((each) => !not.some((word) => excluded[word].includes(each)));
}

const acme = loadAcme();

const loginOf = (person: number, n: number): string => `login-${person}-${n}`;
const accountOf = (person: number, n: number): string => `${person + 1}0${n}`;
const idOf = (person: number): string => (person === EVE ? 'user:eve' : `user:p${person}`);
const nameOf = (who: number): string => (who < 100 ? idOf(who) : `group:g${who - 100}`);
const ruleId = (i: number): string => `rule-${i}`;

function peopleOf({ people }: Organisation): readonly Person[] {
  return people.map(({ logins, accounts, groups }, person) => ({
    id: idOf(person),
    subjects: [
      ...Array.from({ length: logins }, (_, n) => `${LOGIN}#${loginOf(person, n)}`),
      ...Array.from({ length: accounts }, (_, n) => `${GITHUB}#${accountOf(person, n)}`),
    ],
    // Who may ask at all is not what is tried here.
    groups: [...groups.map((group) => `group:g${group}`), 'group:identity-requesters'],
  }));
}

/** The facts that the organisation gives, with nobody's approval yet. */
function factsOf(of: Organisation): Facts {
  const { machine, who, linked, under, owner, deputy, before } = of;
  const people = peopleOf(of);
  const named = { owner: nameOf(owner), deputy: nameOf(deputy) };
  if (machine) {
    const good = goodFacts(DEPLOY_FLOW, acme);
    const actor_id = linked ? accountOf(who, under % (of.people[who]?.accounts ?? 1)) : '999';
    const evidence = good.evidence.map((each) => ({ ...each, claims: { ...each.claims, actor_id } }));
    return thawed({ ...good, people, evidence, identity: good.identity && { ...good.identity, ...named } });
  }
  const revision = before === null ? 1 : 2;
  const good = identityFacts(acme, { ...named, revision, boundSince: revision });
  const subject = loginOf(who, under % (of.people[who]?.logins ?? 1));
  const evidence = good.evidence.map((each) => ({ ...each, claims: { ...each.claims, subject } }));
  const was: Identity | null =
    before === null || good.identity === null
      ? null
      : { ...good.identity, revision: 1, owner: nameOf(before.owner), deputy: nameOf(before.deputy) };
  const sources = { ...good.sources, 'ownership/repositories': owned(named.owner) };
  return thawed({ ...good, people, evidence, sources, before: was });
}

const thawed = (facts: Facts): Facts => ({ ...facts, freezes: neverFrozen(facts) });

const owned = (owner: string): Facts['sources'][string] => ({
  value: { owner, ticket: 'open' },
  observedAt: NOON,
});

/** The example whose flow demands these rules, always. */
function setOf({ machine }: Organisation, rules: readonly Rule[]): ArtefactSet {
  const name = machine ? DEPLOY_FLOW : IDENTITY_FLOW;
  const flow = acme.set.flows.get(name);
  const [model] = flow?.definition.approval ?? [];
  if (flow === undefined || model === undefined) throw new Error(`no ${name}`);
  const approval = rules.map(
    ({ from, count, not }, i): ApprovalRule<Condition> => ({
      ...model,
      id: ruleId(i),
      require: { from: from === 'owner' ? from : `group:g${from}`, count, factor: null, not },
    }),
  );
  const compiled = rules.map((_, i) => ({ id: ruleId(i), test: () => true }));
  const changed = { ...flow, definition: { ...flow.definition, approval }, approval: compiled };
  return { ...acme.set, packs: new Map(), flows: new Map(acme.set.flows).set(name, changed) };
}

interface Given {
  readonly rule: number;
  readonly person: number;
}

/** Decides with these approvals, each over the plan that waits. */
function decided(set: ArtefactSet, facts: Facts, given: readonly Given[]): string {
  const open = decide(set, facts, NOON);
  if (open.outcome === 'refused') return `refused by ${open.reasons[0].rule}`;
  const { bounds, artefacts } = open;
  const digest = planDigest(set.sha256, bounds, { set: artefacts, flow: bounds.flow.hash });
  const approvals = given.map(
    ({ rule, person }): Approval => ({
      rule: ruleId(rule),
      person: idOf(person),
      factor: 'webauthn',
      digest,
      decision: 'approve',
      at: NOON,
      envelope: null,
    }),
  );
  return decide(set, { ...facts, approvals }, NOON).outcome;
}

/** For every rule as many distinct persons as it asks for, of those who may; null where one has too few. */
function enough(of: Organisation, rotate: number): readonly Given[] | null {
  const given = of.rules.map((rule, i) => {
    const may = mayMeet(of, rule);
    const from = may.length === 0 ? 0 : rotate % may.length;
    const chosen = [...may.slice(from), ...may.slice(0, from)].slice(0, rule.count);
    return chosen.length < rule.count ? null : chosen.map((person) => ({ rule: i, person }));
  });
  return given.some((each) => each === null) ? null : given.flatMap((each) => each ?? []);
}

/** Everybody who may not approves, twice, with a stranger; and one person too few of those who may, each as often as it takes. */
function tooFew(of: Organisation, short: number): readonly Given[] {
  return of.rules.flatMap((rule, i) => {
    const may = mayMeet(of, rule);
    const others = of.people.flatMap((_, person) => (may.includes(person) ? [] : [person]));
    const some = i === short ? may.slice(0, rule.count - 1) : may;
    return [...others, ...others, EVE, ...some, ...some, ...some].map((person) => ({ rule: i, person }));
  });
}

const RUNS = 3_000;
/** The same organisations every time: what is found is found again. */
const SEED = 20_261_120;

type Deciding = (of: Organisation, given: readonly Given[]) => string;

const real: Deciding = (of, given) => decided(setOf(of, of.rules), factsOf(of), given);

/** What is wrong with a way of deciding, or null: it lets through what it must not, or nothing at all. */
function problemOf(deciding: Deciding, tally = { passed: 0, none: 0 }): string | null {
  const property = fc.property(organisations, fc.nat(), fc.nat(), (of, rotate, which) => {
    const good = enough(of, rotate);
    tally[good === null ? 'none' : 'passed'] += 1;
    const outcomes = [
      good === null ? 'issue' : deciding(of, good),
      deciding(of, tooFew(of, which % of.rules.length)),
    ];
    expect(outcomes).toEqual(['issue', 'waiting']);
  });
  const { failed, counterexample } = fc.check(property, { numRuns: RUNS, seed: SEED });
  return failed ? JSON.stringify(counterexample) : null;
}

describe('random organisations', () => {
  test('F1 S2.5 no approvals pass that lack a distinct person who may, and whoever may is enough', () => {
    const tally = { passed: 0, none: 0 };
    expect(problemOf(real, tally)).toBeNull();
    expect(tally.passed).toBeGreaterThan(RUNS / 5);
    expect(tally.none).toBeGreaterThan(RUNS / 20);
  });

  test('F1 no subset of all approvals passes in which some rule has too few who may', () => {
    const all = fc.array(fc.tuple(fc.nat(), fc.integer({ min: EVE, max: 6 })), { maxLength: 20 });
    let issued = 0;
    fc.assert(
      fc.property(organisations, all, (of, drawn) => {
        const given = drawn.map(([rule, person]) => ({ rule: rule % of.rules.length, person }));
        const met = of.rules.every((rule, i) => {
          const may = mayMeet(of, rule);
          const by = new Set(given.filter((each) => each.rule === i).map(({ person }) => person));
          return may.filter((person) => by.has(person)).length >= rule.count;
        });
        issued += met ? 1 : 0;
        expect(real(of, given)).toBe(met ? 'issue' : 'waiting');
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(issued).toBeGreaterThan(RUNS / 50);
  });

  const lax = (change: (rule: Rule) => Rule): Deciding => {
    return (of, given) => decided(setOf(of, of.rules.map(change)), factsOf(of), given);
  };
  /** A build that takes each subject for a person of its own. */
  const bySubject: Deciding = (of, given) => {
    const facts = factsOf(of);
    const people = facts.people.flatMap(({ id, subjects, groups }) => [
      { id, subjects: [], groups },
      ...subjects.map((subject) => ({
        id: subject,
        subjects: [subject],
        groups: ['group:identity-requesters'],
      })),
    ]);
    return decided(setOf(of, of.rules), { ...facts, people }, given);
  };
  /** A build that counts approvals and not persons. */
  const byNumber: Deciding = (of, given) =>
    of.rules.every(
      (rule, i) =>
        given.filter((each) => each.rule === i && mayMeet(of, rule).includes(each.person)).length >=
        rule.count,
    )
      ? 'issue'
      : 'waiting';

  test.each<[string, Deciding]>([
    [
      'forgets the requester',
      lax((rule) => ({ ...rule, not: rule.not.filter((word) => word !== 'requester') })),
    ],
    ['forgets the owners', lax((rule) => ({ ...rule, not: rule.not.filter((word) => word !== 'owner') }))],
    [
      'forgets whoever started the job',
      lax((rule) => ({ ...rule, not: rule.not.filter((word) => word !== 'actor') })),
    ],
    ['asks one fewer', lax((rule) => ({ ...rule, count: Math.max(1, rule.count - 1) }))],
    ['takes each subject for a person', bySubject],
    ['counts approvals and not persons', byNumber],
    ['never issues', () => 'waiting'],
  ])('a build that %s is found out', (_, deciding) => {
    expect(problemOf(deciding)).not.toBeNull();
  });
});
