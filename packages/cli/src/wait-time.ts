import { CommandFailure } from './exit-code.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** How long to wait, in milliseconds: `90s`, `15m`, `2h`, `1d`. @throws CommandFailure `usage` */
export function waitTime(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS[unit] ?? 0);
  if (milliseconds > 0) return milliseconds;
  throw new CommandFailure('usage', `\`${text}\` is no time to wait; write it as 90s, 15m, 2h or 1d`);
}
