const DAY = 86_400_000;

/** Milliseconds since the epoch of a time of RFC 3339 in UTC, to the second (`2027-06-30T00:00:00Z`); null if it is not one. */
export function parseInstant(text: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const days = daysSinceEpoch(year, month, day);
  if (days === null || hour > 23 || minute > 59 || second > 59) return null;
  return days * DAY + (hour * 3600 + minute * 60 + second) * 1000;
}

/** The inverse of `parseInstant`, for whole seconds of the years 0 to 9999. */
export function formatInstant(ms: number): string {
  const days = Math.floor(ms / DAY);
  const seconds = Math.floor((ms - days * DAY) / 1000);
  let year = 1970 + Math.floor(days / 365.2425);
  while (daysBefore(year) > days) year--;
  while (daysBefore(year + 1) <= days) year++;
  let rest = days - daysBefore(year);
  let month = 1;
  while (rest >= daysIn(year, month)) rest -= daysIn(year, month++);
  const time = [seconds / 3600, (seconds % 3600) / 60, seconds % 60].map((part) => pad(Math.floor(part), 2));
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(rest + 1, 2)}T${time.join(':')}Z`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days from 1970-01-01 to 1 January of `year`, in the proleptic Gregorian calendar. */
function daysBefore(year: number): number {
  const before = year - 1;
  const leaps = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return before * 365 + leaps - 719_162;
}

/** Days from 1970-01-01 to a date; null where the calendar has no such date. */
export function daysSinceEpoch(year: number, month: number, day: number): number | null {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  let days = daysBefore(year) + day - 1;
  for (let m = 1; m < month; m++) days += daysIn(year, m);
  return days;
}
