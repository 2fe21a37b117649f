import { and, FALSE, type Formula, not, or, TRUE } from './formula/formula.ts';
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
    return or(...rivals.map((each) => and(each.when, covers(each, old))));
  }
  // Whoever evidence is about is one person: what several demands say of them adds up.
  const acted = or(
    ...rivals.filter((each) => actCovers(each, old) && each.count >= old.count).map(({ when }) => when),
  );
  const known = old.who.without
    .filter((flag) => !flagsBehind(old.who.from).includes(flag))
    .map((flag) =>
      or(
        not(old.known[flag]),
        ...rivals.filter(({ who }) => who.without.includes(flag)).map(({ when }) => when),
      ),
    );
  return excludesAll(old.who) ? FALSE : and(acted, ...known);
}

/** What must hold for the old demand to be refused where the new ones are met. */
export function escapes(old: Demand, fresh: readonly Demand[]): Formula {
  return and(old.when, or(not(old.possible), not(covered(old, fresh))));
}

/** At least as many as `old` wants must be of the kind that `old` counts, however those who agree are chosen. */
function covers(fresh: Demand, old: Demand): Formula {
  if (!actCovers(fresh, old) || fresh.count < old.count) return FALSE;
  if (flagsBehind(fresh.who.from).some((flag) => old.who.without.includes(flag))) return FALSE;
  const allowed = old.who.without.filter((flag) => !fresh.who.without.includes(flag));
  const most = allowed.reduce((sum, flag) => sum + (fresh.most[flag] ?? Number.POSITIVE_INFINITY), 0);
  // Those whom the old demand excludes and the new one does not can only agree where there are such people.
  return fresh.count - most >= old.count ? TRUE : and(...allowed.map((flag) => not(old.known[flag])));
}

function actCovers(fresh: Demand, old: Demand): boolean {
  const factor = old.who.factor === null || fresh.who.factor === old.who.factor;
  return factor && (!old.who.fresh || fresh.who.fresh);
}
