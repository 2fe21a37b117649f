import { EvidenceError } from '../evidence-error.ts';
import type { StrictObject } from './strict-json.ts';

/** Seconds another clock may run ahead of ours. */
const SKEW = 60;

/**
 * A NumericDate (RFC 7519 §2) in whole seconds since the epoch, or null when absent. Fractions, texts and numbers that
 * are not safe integers are refused: 1e300 never expires.
 *
 * @throws EvidenceError `claim`
 */
export function readTime(payload: StrictObject, name: string): number | null {
  const value = payload[name];
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new EvidenceError('claim', `\`${name}\` must be whole seconds since the epoch`, {
      claim: name,
      value,
    });
  }
  return value;
}

/** @throws EvidenceError `claim` when it is absent or no time */
export function requireTime(payload: StrictObject, name: string): number {
  const value = readTime(payload, name);
  if (value === null) throw new EvidenceError('claim', `\`${name}\` is missing`, { claim: name });
  return value;
}

/** `now` in milliseconds. @throws EvidenceError `expired`: from the second of `exp` on (RFC 7519 §4.1.4), without leeway */
export function checkNotExpired(exp: number, now: number): void {
  if (exp * 1000 <= now)
    throw new EvidenceError('expired', 'token has expired', { claim: 'exp', value: exp });
}

/** `now` in milliseconds. @throws EvidenceError `not-yet-valid` more than a minute before `time` */
export function checkNotBefore(name: string, time: number | null, now: number): void {
  if (time !== null && time * 1000 > now + SKEW * 1000) {
    throw new EvidenceError('not-yet-valid', `\`${name}\` is in the future: check the clocks`, {
      claim: name,
      value: time,
    });
  }
}
