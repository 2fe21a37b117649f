import { Datetime, Decimal, Duration, isSet, type Value } from '@writ/core';

/** A claim as text. Two values of one declared type never give the same one; a text stands for itself. */
export function printed(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(plain(value));
}

type Plain = string | number | boolean | readonly Plain[] | { readonly [name: string]: Plain };

function plain(value: Value): Plain {
  if (value instanceof Duration || value instanceof Datetime) return value.ms;
  if (value instanceof Decimal) return String(value.tenThousandths);
  if (typeof value !== 'object' || isSet(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, plain(member)]),
  );
}
