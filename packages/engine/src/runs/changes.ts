import type { Identity, Json } from '@writ/core';
import { identityJson } from '../stored.ts';
import type { Change } from './runs.ts';

/** What every proposal changes, and nobody needs to be shown. */
const COUNTERS: readonly string[] = ['revision', 'revisionReviewed', 'boundSince'];

/** What would be another on an identity, member by member; of a new one, everything it would have. */
export function changesOf(before: Identity | null, after: Identity): readonly Change[] {
  const [was, is] = [before === null ? {} : flat(identityJson(before)), flat(identityJson(after))];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((member) => !COUNTERS.includes(member))
    .map((member) => ({ member, before: was[member] ?? null, after: is[member] ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

/** Members of members as `attributes.task`. */
function flat(json: Json, prefix = ''): Readonly<Record<string, Json>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return {};
  const members = Object.entries(json).flatMap(([name, value]): [string, Json][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(flat(value, `${prefix}${name}.`))
      : [[`${prefix}${name}`, value ?? null]],
  );
  return Object.fromEntries(members);
}
