import { and, FALSE, type Formula, not, or } from './formula/formula.ts';
import { excludesAll, flagsBehind } from './model/demands.ts';
import type { Demand } from './model/model.ts';

/**
 * When everything that meets the new demands meets `old` as well, whoever the people are. Approvals are no variables of the
 * search: whether somebody could satisfy all the new demands and leave the old one unmet follows from the demands alone,
 * because people may be of any kind and as many as one likes, except those whom evidence names.
 */
export function covered(old: Demand, fresh: readonly Demand[]): Formula {
  const rivals = fresh.filter(({ stage, who }) => stage === old.stage && who.from === old.who.from);
  if (!old.who.from.startsWith('evidence ')) {
    return or(...rivals.filter((each) => covers(each, old)).map(({ when }) => when));
  }
  // Whoever evidence is about is one person: what several demands say of them adds up.
  const acted = or(
    ...rivals.filter((each) => actCovers(each, old) && each.count >= old.count).map(({ when }) => when),
  );
  const known = old.who.without
    .filter((flag) => !flagsBehind(old.who.from).includes(flag))
    .map((flag) => or(...rivals.filter(({ who }) => who.without.includes(flag)).map(({ when }) => when)));
  return excludesAll(old.who) ? FALSE : and(acted, ...known);
}

/** What must hold for the old demand to be refused where the new ones are met. */
export function escapes(old: Demand, fresh: readonly Demand[]): Formula {
  return and(old.when, or(not(old.possible), not(covered(old, fresh))));
}

/** At least as many as `old` wants must be of the kind that `old` counts, however those who agree are chosen. */
function covers(fresh: Demand, old: Demand): boolean {
  return actCovers(fresh, old) && fresh.count - others(fresh, old) >= old.count;
}

function actCovers(fresh: Demand, old: Demand): boolean {
  const factor = old.who.factor === null || fresh.who.factor === old.who.factor;
  return factor && (!old.who.fresh || fresh.who.fresh);
}

/** How many of those who count for `fresh` may be such as do not count for `old`. */
function others(fresh: Demand, old: Demand): number {
  let most = 0;
  for (const flag of old.who.without) {
    if (flagsBehind(fresh.who.from).includes(flag)) return Number.POSITIVE_INFINITY;
    if (!fresh.who.without.includes(flag)) most += fresh.most[flag] ?? Number.POSITIVE_INFINITY;
  }
  return most;
}
