import { Datetime, Decimal, Duration, formatDuration, formatInstant, isSet, type Value } from '@writ/core';

/** Characters of one value that are shown; what is longer ends in `…`. */
const MOST = 200;

/** A value of a fact in words, as `phrase` writes the values of conditions: for reading, never for deciding. */
export function showValue(value: Value): string {
  const text = whole(value);
  return text.length <= MOST ? text : `${text.slice(0, MOST)}…`;
}

function whole(value: Value): string {
  if (value instanceof Duration) return duration(value.ms);
  if (value instanceof Datetime) return instant(value.ms);
  if (value instanceof Decimal) return decimal(value.tenThousandths);
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isSet(value)) return `[${value.map((member) => JSON.stringify(member)).join(', ')}]`;
  const members = Object.entries(value).map(([name, member]) => `${name}: ${whole(member)}`);
  return `{ ${members.join(', ')} }`;
}

/** Whole seconds as flows write them; anything finer or outside the calendar as the number it is. */
function duration(ms: number): string {
  const seconds = ms / 1000;
  return Number.isSafeInteger(seconds) && seconds >= 0 ? formatDuration(seconds) : `${ms} ms`;
}

const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);

function instant(ms: number): string {
  return Number.isSafeInteger(ms) && ms >= 0 && ms <= LAST ? formatInstant(ms) : `${ms} ms after 1970`;
}

function decimal(tenThousandths: bigint): string {
  const size = tenThousandths < 0n ? -tenThousandths : tenThousandths;
  const sign = tenThousandths < 0n ? '-' : '';
  return `${sign}${size / 10_000n}.${String(size % 10_000n).padStart(4, '0')}`;
}
