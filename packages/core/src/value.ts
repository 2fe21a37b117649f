import { isWellFormed } from './utf8.ts';

/**
 * A value that a rule can read. Integers are safe integers; sets are sorted and without repeats; `duration` and
 * `datetime` count milliseconds, as in Cedar; a decimal counts ten-thousandths.
 */
export type Value =
  | string
  | number
  | boolean
  | readonly string[]
  | Duration
  | Datetime
  | Decimal
  | { readonly [name: string]: Value };

export class Duration {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

export class Datetime {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

export class Decimal {
  readonly tenThousandths: bigint;
  constructor(tenThousandths: bigint) {
    this.tenThousandths = tenThousandths;
  }
}

/** The type of an attribute, as anchors, fact sources and requests declare it. `oneOf` closes a string to a list. */
export type AttributeType =
  | { readonly type: 'string'; readonly oneOf?: readonly string[] | undefined }
  | { readonly type: 'long' | 'bool' | 'set' | 'duration' | 'datetime' | 'decimal' }
  | { readonly type: 'record'; readonly members: Readonly<Record<string, AttributeType>> };

/** Whether `value` is of `type`; an unknown member, a string outside its list or half a surrogate pair is not (law 1). */
export function conforms(value: Value | undefined, type: AttributeType): boolean {
  switch (type.type) {
    case 'string':
      return isText(value) && (type.oneOf === undefined || type.oneOf.includes(value));
    case 'long':
      return Number.isSafeInteger(value);
    case 'bool':
      return typeof value === 'boolean';
    case 'set':
      return isSet(value) && value.every(isText);
    case 'duration':
      return value instanceof Duration;
    case 'datetime':
      return value instanceof Datetime;
    case 'decimal':
      return value instanceof Decimal;
    case 'record': {
      if (!isRecord(value)) return false;
      const names = Object.keys(type.members);
      return (
        Object.keys(value).every((name) => Object.hasOwn(type.members, name)) &&
        names.every(
          (name) => Object.hasOwn(value, name) && conforms(value[name], memberType(type.members, name)),
        )
      );
    }
  }
}

/** A string that every language reads alike. */
function isText(value: Value | undefined): value is string {
  return typeof value === 'string' && isWellFormed(value);
}

function memberType(members: Readonly<Record<string, AttributeType>>, name: string): AttributeType {
  return members[name] ?? { type: 'record', members: {} };
}

export function isSet(value: Value | undefined): value is readonly string[] {
  return Array.isArray(value);
}

export function isRecord(value: Value | undefined): value is { readonly [name: string]: Value } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Duration) &&
    !(value instanceof Datetime) &&
    !(value instanceof Decimal)
  );
}

/** A set as rules see it: sorted by UTF-16 code units, each member once. */
export function toSet(members: Iterable<string>): readonly string[] {
  return [...new Set(members)].sort();
}
