import { Decimal, Duration, parseDuration } from '@writ/core';
import type { StrictJson } from '../jws/strict-json.ts';

const DECIMAL = /^(-?)(0|[1-9]\d{0,14})\.(\d{1,4})$/;

/** The duration of a text as flows write it (`10m`), or undefined. */
export function durationOf(given: StrictJson): Duration | undefined {
  const seconds = typeof given === 'string' ? parseDuration(given) : null;
  return seconds === null ? undefined : new Duration(seconds * 1000);
}

/** The decimal of a text with one to four digits behind the point, or undefined: a JSON number has no exact decimal reading. */
export function decimalOf(given: StrictJson): Decimal | undefined {
  const match = typeof given === 'string' ? DECIMAL.exec(given) : null;
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const count = BigInt(whole + fraction.padEnd(4, '0'));
  return new Decimal(sign === '-' ? -count : count);
}

export function isSafeInteger(given: StrictJson): given is number {
  return Number.isSafeInteger(given);
}

/** A text without control characters: what others said is written into records and shown to people. */
export function isPlain(value: StrictJson): value is string {
  return typeof value === 'string' && !/\p{Cc}/u.test(value);
}
