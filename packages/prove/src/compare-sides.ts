import type { Stage } from '@writ/core';
import { Encoding, issuing } from './encoding.ts';
import { type Escape, escapesOf } from './escapes.ts';
import { atom, type Formula, not, or } from './formula/formula.ts';
import { Unsupported } from './formula/vocabulary.ts';
import type { Side } from './model/model.ts';
import * as names from './model/names.ts';
import { Assignment, evaluate, pick } from './solve/assignment.ts';
import { all, type Ground } from './solve/ground.ts';
import { type Budget, Exhausted, type Masks, search } from './solve/search.ts';
import { type Replayed, replay } from './witness/replay.ts';
import { type Situation, situationOf } from './witness/situation.ts';

/** A concrete request that one side answers and the other does not, as both really decided it. */
export interface Witness {
  readonly stage: Stage;
  readonly rule: string;
  readonly situation: Situation;
  /** under the side that refuses it or waits */
  readonly before: Replayed;
  /** under the side that issues it */
  readonly after: Replayed;
}

/** A rule that lets through what the other side's rule of that name did not. */
export interface Moved {
  readonly stage: Stage;
  readonly rule: string;
}

/** What one side lets through and the other does not. */
export interface Widening {
  readonly moved: readonly Moved[];
  readonly witness: Witness | null;
  /** why there is no answer, or null */
  readonly unknown: string | null;
}

/** Both directions, and what they cost. */
export interface Comparison {
  readonly wider: Widening;
  readonly narrower: Widening;
  readonly nodes: number;
}

/** How many case splits one comparison may make, where the caller does not say. */
export const DEFAULT_BUDGET = 2_000_000;

/** What each side lets through that the other does not. */
export function compareSides(old: Side, fresh: Side, nodes: number = DEFAULT_BUDGET): Comparison {
  try {
    return compareEncoded(new Encoding(old, fresh), nodes);
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    const unknown: Widening = { moved: [], witness: null, unknown: error.message };
    return { wider: unknown, narrower: unknown, nodes: 0 };
  }
}

export function compareEncoded(encoding: Encoding, nodes: number = DEFAULT_BUDGET): Comparison {
  const budget: Budget = { left: nodes };
  const wider = wideningOf(encoding, false, budget);
  const narrower = wideningOf(encoding, true, budget);
  return { wider, narrower, nodes: nodes - budget.left };
}

/** What the second side lets through that the first does not; the other way round where `swapped`. */
function wideningOf(encoding: Encoding, swapped: boolean, budget: Budget): Widening {
  const [first, second] = encoding.models;
  const [old, fresh] = swapped ? [second, first] : [first, second];
  const moved = new Map<string, Moved>();
  let witness: Witness | null = null;
  let unknown: string | null = null;
  try {
    for (const escape of worthTrying(encoding, escapesOf(old, fresh), fresh, budget)) {
      const { stage, rule } = escape;
      const name = `${stage} ${rule}`;
      if (moved.has(name) && witness !== null) continue;
      const situation = find(encoding, escape, swapped, budget);
      if (situation === null) continue;
      moved.set(name, { stage, rule });
      const replayed = confirm(encoding, escape, situation, swapped);
      // What the real decision does not confirm is a fault of the proof, and no answer.
      if (replayed === null) unknown ??= `what moves \`${rule}\` could not be replayed`;
      witness ??= replayed;
    }
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error;
    unknown = error.message;
  }
  return { moved: [...moved.values()], witness, unknown };
}

/** So many ways to be refused are looked at together first: mostly there is a request for none of them. */
const MANY = 8;

function worthTrying(
  encoding: Encoding,
  escapes: readonly Escape[],
  fresh: Encoding['models'][number],
  budget: Budget,
): readonly Escape[] {
  const whole = escapes.filter(({ instead }) => instead.size === 0);
  if (whole.length < MANY) return escapes;
  const any = or(...whole.map(({ formula }) => formula));
  const statement = encoding.all([...encoding.axioms, any, ...issuing(fresh)]);
  if (search(statement, encoding.grounding.variables, budget) !== null) return escapes;
  return escapes.filter(({ instead }) => instead.size > 0);
}

function find(encoding: Encoding, escape: Escape, swapped: boolean, budget: Budget): Situation | null {
  const { grounding, vocabulary, domains } = encoding;
  const [first, second] = encoding.models;
  const [old, fresh] = swapped ? [second, first] : [first, second];
  const statement = encoding.all([...encoding.axioms, escape.formula, ...issuing(fresh, escape.instead)]);
  const masks = search(statement, grounding.variables, budget);
  if (masks === null) return null;
  const others = old.rules.filter(({ stage, id }) => stage !== escape.stage || id !== escape.rule);
  const alone = all([statement, encoding.all(others.map(({ formula }) => formula))]);
  const picks = pick(plainest([all([alone, encoding.all(PLAIN)]), alone], encoding, budget) ?? masks);
  const [before, after] = sidesOf(encoding, swapped);
  return situationOf({
    old: before,
    new: after,
    vocabulary,
    assignment: new Assignment(grounding.variables, picks, domains),
    demands: fresh.demands.filter(({ when }) => evaluate(grounding.ground(when), picks)),
    unmet: escape.unmet,
  });
}

/** A counter-example is easier to read where nothing has been renewed, and nothing but what moved would have refused it. */
const PLAIN: readonly Formula[] = [not(atom({ test: 'below', left: names.TTL, right: names.LIFETIME }))];
const LITTLE = 20_000;

/** The first of these that has an answer and is soon found; the answer is certain already, and this only makes it plainer. */
function plainest(wished: readonly Ground[], { grounding }: Encoding, budget: Budget): Masks | null {
  for (const statement of wished) {
    const little: Budget = { left: Math.min(LITTLE, budget.left) };
    try {
      const masks = search(statement, grounding.variables, little);
      if (masks !== null) return masks;
    } catch (error) {
      if (!(error instanceof Exhausted)) throw error;
    }
  }
  return null;
}

function sidesOf({ sides: [first, second] }: Encoding, swapped: boolean): readonly [Side, Side] {
  return swapped ? [second, first] : [first, second];
}

function confirm(
  encoding: Encoding,
  { stage, rule }: Escape,
  situation: Situation,
  swapped: boolean,
): Witness | null {
  const [old, fresh] = sidesOf(encoding, swapped);
  const before = replay(old, situation);
  const after = replay(fresh, situation);
  return after.active && !before.active ? { stage, rule, situation, before, after } : null;
}
