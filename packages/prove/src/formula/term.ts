import { Datetime, Decimal, Duration } from '@writ/core';
import { type Expression, parseExtension } from '@writ/flow';
import {
  and,
  atMost,
  atom,
  FALSE,
  type Formula,
  type Member,
  not,
  or,
  type Scalar,
  TRUE,
} from './formula.ts';
import { Unsupported } from './vocabulary.ts';

/** What a part of a condition can stand for: a value, an attribute, or a list of such. */
export type Term =
  | { readonly is: 'value'; readonly value: Scalar }
  | { readonly is: 'attribute'; readonly name: string; readonly kind: 'text' | 'number' | 'flag' | 'set' }
  | { readonly is: 'items'; readonly items: readonly Term[] };

export function numberOf(expression: Expression & { op: 'extension' }): number {
  const value = parseExtension(expression.type, expression.text);
  if (value instanceof Duration || value instanceof Datetime) return value.ms;
  if (value instanceof Decimal) return decimalNumber(value);
  throw new Unsupported(`\`${expression.text}\` cannot be read`);
}

/** Decimals are compared for equality alone, and as numbers while they fit. */
export function decimalNumber({ tenThousandths }: Decimal): number {
  const value = Number(tenThousandths);
  if (Number.isSafeInteger(value)) return value;
  throw new Unsupported('a decimal is too large for the proof');
}

export function equal(a: Term, b: Term): Formula {
  if (isSet(a) || isSet(b)) return and(containsAll(a, b), containsAll(b, a));
  if (a.is === 'value' && b.is === 'value') return a.value === b.value ? TRUE : FALSE;
  if (a.is === 'attribute' && b.is === 'value') return atom({ test: 'is', of: a.name, value: b.value });
  if (a.is === 'value' && b.is === 'attribute') return equal(b, a);
  if (a.is !== 'attribute' || b.is !== 'attribute') throw new Unsupported('a set in a set');
  return a.name === b.name ? TRUE : atom({ test: 'same', left: a.name, right: b.name });
}

export function below(a: Term, b: Term): Formula {
  if (a.is === 'value' && b.is === 'value') return Number(a.value) < Number(b.value) ? TRUE : FALSE;
  if (a.is === 'attribute' && b.is === 'value') return atMost(a.name, Number(b.value) - 1);
  if (a.is === 'value' && b.is === 'attribute') return not(atMost(b.name, Number(a.value)));
  if (a.is !== 'attribute' || b.is !== 'attribute') throw new Unsupported('an order of sets');
  return a.name === b.name ? FALSE : atom({ test: 'below', left: a.name, right: b.name });
}

export function likes(term: Term, pattern: readonly (string | null)[]): Formula {
  if (term.is === 'attribute') return atom({ test: 'like', of: term.name, pattern });
  throw new Unsupported('a pattern held against a text of the condition itself');
}

function isSet(term: Term): boolean {
  return term.is === 'items' || (term.is === 'attribute' && term.kind === 'set');
}

export function isEmpty(term: Term): Formula {
  if (term.is === 'items') return term.items.length === 0 ? TRUE : FALSE;
  if (term.is === 'attribute') return atom({ test: 'within', set: term.name, members: [] });
  throw new Unsupported('`isEmpty` of what is no set');
}

export function contains(set: Term, member: Term): Formula {
  if (set.is === 'items') return or(...set.items.map((item) => equal(item, member)));
  if (set.is === 'attribute') return atom({ test: 'contains', set: set.name, member: memberOf(member) });
  throw new Unsupported('`contains` of what is no set');
}

export function containsAll(set: Term, wanted: Term): Formula {
  if (wanted.is === 'items') return and(...wanted.items.map((item) => contains(set, item)));
  if (wanted.is !== 'attribute') throw new Unsupported('`containsAll` of what is no set');
  if (set.is === 'items') return atom({ test: 'within', set: wanted.name, members: set.items.map(memberOf) });
  if (set.is !== 'attribute') throw new Unsupported('`containsAll` of what is no set');
  return set.name === wanted.name ? TRUE : atom({ test: 'subset', left: wanted.name, right: set.name });
}

export function containsAny(set: Term, wanted: Term): Formula {
  if (wanted.is === 'items') return or(...wanted.items.map((item) => contains(set, item)));
  if (set.is === 'items') return containsAny(wanted, set);
  if (set.is !== 'attribute' || wanted.is !== 'attribute')
    throw new Unsupported('`containsAny` of what is no set');
  return set.name === wanted.name
    ? not(isEmpty(set))
    : atom({ test: 'overlap', left: set.name, right: wanted.name });
}

function memberOf(term: Term): Member {
  if (term.is === 'attribute') return { of: term.name };
  if (term.is === 'value' && typeof term.value === 'string') return { text: term.value };
  throw new Unsupported('a set of other things than texts');
}
