import type { Side } from '@writ/prove';
import { flowOf, overlapping, type RuleText, rules } from './rules.ts';

/** A change to a policy, and what the verdict on it must be. */
export interface Case {
  readonly name: string;
  readonly rules: number;
  readonly verdict: string;
  readonly old: Side;
  readonly fresh: Side;
}

/** The same policy in another order, in other words, and with one rule changed. */
export function casesOf(count: number): readonly Case[] {
  const all = rules(count);
  const old = flowOf(all);
  const made = (name: string, verdict: string, fresh: readonly RuleText[]): Case => ({
    name,
    rules: count,
    verdict,
    old,
    fresh: flowOf(fresh),
  });
  return [
    made('reordered', 'same', all.toReversed()),
    made(
      'one rule in other words',
      'same',
      edited(all, (text) => `!(!(${text}))`),
    ),
    made('every rule in other words', 'same', all.map(turned)),
    made(
      'ttl narrowed',
      'narrower',
      edited(all, (text) => text.replace('duration("10m")', 'duration("9m")')),
    ),
    made(
      'ttl widened',
      'wider',
      edited(all, (text) => text.replace('duration("10m")', 'duration("20m")')),
    ),
    made(
      'ref widened',
      'wider',
      edited(all, (text) => text.replace('release-5-*', 'release-*')),
    ),
    made(
      'forbid removed',
      'wider',
      all.filter(({ id }) => id !== 'r9'),
    ),
  ];
}

/** Rules that all overlap, every one in other words: no rule by itself settles anything. */
export function overlapOf(count: number): Case {
  const all = overlapping(count);
  const fresh = flowOf(all.map(turned).toReversed());
  return { name: 'overlap, in other words', rules: count, verdict: 'same', old: flowOf(all), fresh };
}

function edited(all: readonly RuleText[], edit: (text: string) => string): readonly RuleText[] {
  return all.map((rule) => (rule.id === 'r5' ? { ...rule, all: rule.all.map(edit) } : rule));
}

function turned(rule: RuleText): RuleText {
  return { ...rule, all: rule.all.toReversed() };
}
