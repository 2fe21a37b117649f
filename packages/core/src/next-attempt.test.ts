import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextAttempt } from './next-attempt.ts';

test('O6 deliveries are tried when the specification says, and then no more', () => {
  const since: string[] = [];
  let seconds = 0;
  for (let attempt = 0; attempt < 10; attempt++) {
    seconds += (nextAttempt(attempt) ?? Number.NaN) / 1000;
    const parts = [seconds / 3600, (seconds % 3600) / 60, seconds % 60].map(Math.floor);
    since.push(parts.map((part) => String(part).padStart(2, '0')).join(':'));
  }
  expect(since).toEqual([
    '00:00:00',
    '00:00:05',
    '00:05:05',
    '00:35:05',
    '02:35:05',
    '07:35:05',
    '17:35:05',
    '31:35:05',
    '51:35:05',
    '75:35:05',
  ]);
  expect(nextAttempt(10)).toBeNull();
});

test('O6 whatever number a row holds, the answer is a wait or the end', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer(), fc.double()), (attempt) => {
      const wait = nextAttempt(attempt);
      expect(wait === null || (wait >= 0 && wait <= 86_400_000)).toBe(true);
      expect(wait !== null && (attempt > 9 || attempt < 0)).toBe(false);
    }),
  );
});
