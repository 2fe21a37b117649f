import {
  Datetime,
  Decimal,
  Duration,
  type Evidence,
  isRecord,
  isSet,
  type Json,
  type Value,
  WritError,
} from '@writ/core';

/** A value as JSON that gives it back. */
export function valueJson(value: Value): Json {
  if (value instanceof Duration) return { duration: value.ms };
  if (value instanceof Datetime) return { datetime: value.ms };
  if (value instanceof Decimal) return { decimal: value.tenThousandths.toString() };
  if (isSet(value)) return [...value];
  if (isRecord(value)) {
    const members = Object.entries(value).map(([name, member]): [string, Json] => [name, valueJson(member)]);
    return { record: Object.fromEntries(members) };
  }
  return value;
}

/** The inverse of `valueJson`. @throws WritError `verification-failed` */
export function valueOfJson(json: Json): Value {
  if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') return json;
  if (Array.isArray(json)) return json.map(textOf);
  const [[kind, held] = ['', null], ...more] = json === null ? [] : Object.entries(json);
  if (more.length === 0 && kind === 'duration' && typeof held === 'number') return new Duration(held);
  if (more.length === 0 && kind === 'datetime' && typeof held === 'number') return new Datetime(held);
  if (more.length === 0 && kind === 'decimal' && typeof held === 'string') return new Decimal(BigInt(held));
  if (
    more.length === 0 &&
    kind === 'record' &&
    typeof held === 'object' &&
    held !== null &&
    !Array.isArray(held)
  )
    return Object.fromEntries(
      Object.entries(held).map(([name, member]) => [name, valueOfJson(member ?? null)]),
    );
  throw unreadable();
}

function textOf(json: Json): string {
  if (typeof json === 'string') return json;
  throw unreadable();
}

function unreadable(): WritError {
  return new WritError('verification-failed', 'a stored value cannot be read; run `writ audit`');
}

export type StoredEvidence = Omit<Evidence, 'claims'> & { readonly claims: Readonly<Record<string, Json>> };

export function storedEvidence({ claims, ...rest }: Evidence): StoredEvidence {
  const members = Object.entries(claims).map(([name, value]): [string, Json] => [name, valueJson(value)]);
  return { ...rest, claims: Object.fromEntries(members) };
}

export function readEvidence({ claims, ...rest }: StoredEvidence): Evidence {
  const members = Object.entries(claims).map(([name, json]): [string, Value] => [name, valueOfJson(json)]);
  return { ...rest, claims: Object.fromEntries(members) };
}
