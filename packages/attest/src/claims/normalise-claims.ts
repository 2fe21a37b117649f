import { type AttributeType, type ClaimSchema, Datetime, toSet, type Value } from '@writ/core';
import { EvidenceError } from '../evidence-error.ts';
import { isStrictList, isStrictObject, type StrictJson, type StrictObject } from '../jws/strict-json.ts';
import { decimalOf, durationOf, isPlain, isSafeInteger } from './written-value.ts';

const LATEST_SECOND = 8_640_000_000_000;

/**
 * The claims that `schema` declares, each of its declared type, and nothing else. A claim that is absent though
 * required, or there and of another type, refuses; what the anchor does not declare never surfaces. Errors name claims
 * as the token does.
 *
 * @throws EvidenceError `claim`
 */
export function normaliseClaims(payload: StrictObject, schema: ClaimSchema): Readonly<Record<string, Value>> {
  const claims: Record<string, Value> = {};
  // A claim that is not there must not be found on Object.prototype.
  Reflect.setPrototypeOf(claims, null);
  for (const name of Object.keys(schema)) {
    const declared = schema[name];
    if (declared === undefined) continue;
    const claim = declared.from ?? name;
    const given = payload[claim];
    if (given === undefined && !declared.required) continue;
    if (given === undefined) throw new EvidenceError('claim', `\`${claim}\` is missing`, { claim });
    const value = normalise(given, declared.type);
    if (value === undefined) {
      const message = `\`${claim}\` is not of the type its anchor declares`;
      throw new EvidenceError('claim', message, { claim, value: given });
    }
    claims[name] = value;
  }
  return claims;
}

/** The value as rules see it, or undefined when it is not of `type`. Nothing is converted by guessing: `"true"` is a string. */
function normalise(given: StrictJson, type: AttributeType): Value | undefined {
  switch (type.type) {
    case 'string':
      return isPlain(given) && (type.oneOf?.includes(given) ?? true) ? given : undefined;
    case 'long':
      return isSafeInteger(given) ? given + 0 : undefined;
    case 'bool':
      return typeof given === 'boolean' ? given : undefined;
    case 'set':
      return isStrictList(given) && given.every(isPlain) ? toSet(given) : undefined;
    case 'duration':
      return durationOf(given);
    case 'datetime':
      return isSafeInteger(given) && Math.abs(given) <= LATEST_SECOND
        ? new Datetime(given * 1000)
        : undefined;
    case 'decimal':
      return decimalOf(given);
    case 'record':
      return recordOf(given, type.members);
  }
}

/** Every declared member must be there; others are left out, as at the top. */
function recordOf(given: StrictJson, members: Readonly<Record<string, AttributeType>>): Value | undefined {
  if (!isStrictObject(given)) return undefined;
  const record: Record<string, Value> = {};
  Reflect.setPrototypeOf(record, null);
  for (const name of Object.keys(members)) {
    const type = members[name];
    const member = given[name];
    const value = type === undefined || member === undefined ? undefined : normalise(member, type);
    if (value === undefined) return undefined;
    record[name] = value;
  }
  return record;
}
