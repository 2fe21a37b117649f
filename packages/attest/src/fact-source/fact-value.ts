import { type AttributeType, conforms, Datetime, parseInstant, toSet, type Value } from '@writ/core';
import { decimalOf, durationOf, isPlain, isSafeInteger } from '../claims/written-value.ts';
import { isStrictList, isStrictObject, type StrictJson } from '../jws/strict-json.ts';

/**
 * A value as a fact source says it, in JSON, or undefined when it is not of `type`. It is written as in a file of sources:
 * durations as `1h30m`, times as `2027-06-30T00:00:00Z`, decimals as `"1.5"`; a record has the declared members and no
 * others. Nothing is converted by guessing: `"5"` is no number.
 */
export function factValue(given: StrictJson, type: AttributeType): Value | undefined {
  const value = read(given, type);
  return value !== undefined && conforms(value, type) ? value : undefined;
}

function read(given: StrictJson, type: AttributeType): Value | undefined {
  switch (type.type) {
    case 'string':
      return isPlain(given) ? given : undefined;
    case 'long':
      return isSafeInteger(given) ? given + 0 : undefined;
    case 'bool':
      return typeof given === 'boolean' ? given : undefined;
    case 'set':
      return isStrictList(given) && given.every(isPlain) ? toSet(given) : undefined;
    case 'duration':
      return durationOf(given);
    case 'datetime': {
      const ms = typeof given === 'string' ? parseInstant(given) : null;
      return ms === null ? undefined : new Datetime(ms);
    }
    case 'decimal':
      return decimalOf(given);
    case 'record':
      return isStrictObject(given) ? recordOf(given, type.members) : undefined;
  }
}

/** What is not declared, or not of its type, makes the whole record none. */
function recordOf(
  given: { readonly [name: string]: StrictJson | undefined },
  members: Readonly<Record<string, AttributeType>>,
): Value | undefined {
  const entries: [string, Value][] = [];
  for (const [name, member] of Object.entries(given)) {
    const type = Object.hasOwn(members, name) ? members[name] : undefined;
    const value = type === undefined || member === undefined ? undefined : read(member, type);
    if (value === undefined) return undefined;
    entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}
