import { Datetime, Decimal, Duration, daysSinceEpoch } from '@writ/core';
import type { ExtensionType } from './expression.ts';

/** The value of an extension literal, in Cedar's grammar; null if it is not one. */
export function parseExtension(type: ExtensionType, text: string): Duration | Datetime | Decimal | null {
  switch (type) {
    case 'duration':
      return parseCedarDuration(text);
    case 'datetime':
      return parseDatetime(text);
    case 'decimal':
      return parseDecimal(text);
  }
}

function parseCedarDuration(text: string): Duration | null {
  const match = /^(-?)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (match === null || /^-?$/.test(text)) return null;
  const [days, hours, minutes, seconds, ms] = match.slice(2).map((part) => Number(part ?? 0));
  const sum =
    (days ?? 0) * 86_400_000 +
    (hours ?? 0) * 3_600_000 +
    (minutes ?? 0) * 60_000 +
    (seconds ?? 0) * 1000 +
    (ms ?? 0);
  return Number.isSafeInteger(sum) ? new Duration(match[1] === '-' ? 0 - sum : sum) : null;
}

function parseDatetime(text: string): Datetime | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?(Z|[+-]\d{4}))?$/.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = match
    .slice(1, 8)
    .map((part) => Number(part ?? 0));
  const days = daysSinceEpoch(year, month, day);
  if (days === null || hour > 23 || minute > 59 || second > 59) return null;
  const offset = offsetMinutes(match[8] ?? 'Z');
  if (offset === null) return null;
  return new Datetime(days * 86_400_000 + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms);
}

function offsetMinutes(zone: string): number | null {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3, 5));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function parseDecimal(text: string): Decimal | null {
  const match = /^(-?)(\d+)\.(\d{1,4})$/.exec(text);
  if (match === null) return null;
  const magnitude = BigInt(match[2] ?? '0') * 10_000n + BigInt((match[3] ?? '').padEnd(4, '0'));
  const value = match[1] === '-' ? -magnitude : magnitude;
  return value >= -(2n ** 63n) && value < 2n ** 63n ? new Decimal(value) : null;
}
