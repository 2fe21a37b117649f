const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Standard Webhooks 1.0.0, "Deliverability and reliability": ten attempts in a little over three days. */
const DELAYS: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Milliseconds to wait before the next delivery when `attempt` of them (a whole number ≥ 0) were made; null to give up. */
export function nextAttempt(attempt: number): number | null {
  return DELAYS[attempt] ?? null;
}
