import { type Json, parseDuration, parseInstant, WritError } from '@writ/core';
import { type Fixture, HOLDERS, type HolderKind } from '@writ/flow';

type Members = Readonly<Record<string, Json>>;

/** What a test puts before the engine: a fixture with what the test changes. */
export interface Situation {
  readonly request: Members;
  readonly identity: Members;
  readonly facts: Members;
  /** claims by proof id */
  readonly evidence: Readonly<Record<string, Members>>;
  /** seconds since the evidence of a proof was given out */
  readonly ages: Readonly<Record<string, number>>;
  readonly holder: HolderKind | null;
  /** milliseconds since the epoch */
  readonly now: number;
}

/** A fixture as it stands. `claims` are those of its evidence, by proof id. */
export function situationOf(
  { request, identity, facts, holder, now }: Fixture,
  claims: Situation['evidence'],
): Situation {
  return { request, identity, facts, evidence: claims, ages: {}, holder, now };
}

/**
 * A situation with something changed.
 * @throws WritError `invalid` for a value that the path cannot have, or a path that is not there to be taken away
 */
export function changed(situation: Situation, values: Members, without: readonly string[]): Situation {
  const set = Object.entries(values).reduce((now, [path, value]) => withValue(now, path, value), situation);
  return without.reduce(withoutValue, set);
}

function withValue(situation: Situation, path: string, value: Json): Situation {
  const [root = '', ...names] = path.split('.');
  const [first = ''] = names;
  switch (root) {
    case 'now':
      return { ...situation, now: timeOf(path, value) };
    case 'holder':
      return { ...situation, holder: holderOf(value) };
    // What stands around the request: read by `besideOf`.
    case 'rights':
    case 'assurance':
      return situation;
    case 'age':
      return { ...situation, ages: { ...situation.ages, [first]: ageOf(path, value) } };
    case 'evidence':
      return { ...situation, evidence: evidenceWith(situation.evidence, names, value) };
    case 'request':
      return { ...situation, request: placed(situation.request, names, value) };
    case 'identity':
      return { ...situation, identity: placed(situation.identity, names, value) };
    default:
      return { ...situation, facts: placed(situation.facts, names, value) };
  }
}

function withoutValue(situation: Situation, path: string): Situation {
  const [root = '', ...names] = path.split('.');
  switch (root) {
    case 'holder':
      return { ...situation, holder: 'none' };
    case 'evidence': {
      const [proof = '', ...claim] = names;
      const { [proof]: claims, ...others } = situation.evidence;
      if (claims === undefined) throw notThere(path);
      const evidence = claim.length === 0 ? others : { ...others, [proof]: removed(claims, claim, path) };
      return { ...situation, evidence };
    }
    case 'request':
    case 'identity':
    case 'facts':
      return { ...situation, [root]: removed(situation[root], names, path) };
    default:
      throw new WritError('invalid', `\`${path}\` cannot be taken away`);
  }
}

function evidenceWith(
  evidence: Situation['evidence'],
  [proof = '', ...claim]: readonly string[],
  value: Json,
): Situation['evidence'] {
  if (claim.length > 0) return { ...evidence, [proof]: placed(evidence[proof] ?? {}, claim, value) };
  return { ...evidence, [proof]: membersOf(`evidence.${proof}`, value) };
}

/** @throws WritError `invalid` for anything but a map */
export function membersOf(path: string, value: Json | undefined): Members {
  if (!isMembers(value)) throw new WritError('invalid', `\`${path}\` is no map of names and values`);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : [[name, inner]])),
  );
}

function isMembers(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function placed(members: Members, [name = '', ...rest]: readonly string[], value: Json): Members {
  if (rest.length === 0) return { ...members, [name]: value };
  const inner = members[name];
  return { ...members, [name]: placed(isMembers(inner) ? membersOf(name, inner) : {}, rest, value) };
}

function removed(members: Members, [name = '', ...more]: readonly string[], path: string): Members {
  const { [name]: found, ...others } = members;
  if (found === undefined) throw notThere(path);
  return more.length === 0 ? others : { ...others, [name]: removed(membersOf(name, found), more, path) };
}

function notThere(path: string): WritError {
  return new WritError('invalid', `\`${path}\` is not in the fixture, and cannot be taken away`);
}

function timeOf(path: string, value: Json): number {
  const time = typeof value === 'string' ? parseInstant(value) : null;
  if (time === null) throw new WritError('invalid', `\`${path}\` is a time such as 2027-06-30T00:00:00Z`);
  return time;
}

function ageOf(path: string, value: Json): number {
  const seconds = typeof value === 'string' ? parseDuration(value) : null;
  if (seconds === null) throw new WritError('invalid', `\`${path}\` is a duration such as 6m`);
  return seconds;
}

function holderOf(value: Json): HolderKind {
  const holder = HOLDERS.find((each) => each === value);
  if (holder === undefined) throw new WritError('invalid', `\`holder\` is one of ${HOLDERS.join(', ')}`);
  return holder;
}
