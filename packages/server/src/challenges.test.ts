import { randomBytes } from 'node:crypto';
import { assert, pre, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createChallenges } from './challenges.ts';

const NOW = 1_795_000_000_000;
const MINUTE = 60_000;
const challenges = createChallenges(randomBytes(32));
const nonce = challenges.issue('approve run_1', NOW);

describe('challenges', () => {
  test('one is 32 bytes in base64url, and no two are the same', () => {
    expect(Buffer.from(nonce, 'base64url')).toHaveLength(32);
    expect(new Set(Array.from({ length: 1_000 }, () => challenges.issue('x', NOW))).size).toBe(1_000);
  });

  test('whoever accepts one spends it, under its own name and for as long as it could be brought again', () => {
    const spent = challenges.verify(nonce, 'approve run_1', NOW + MINUTE);
    expect(spent).toEqual({ key: `challenge:${nonce}`, holder: null, until: expect.any(Number) });
    expect(spent?.until).toBeGreaterThanOrEqual(NOW + 5 * MINUTE);
  });

  test.each([
    ['at once', 0, true],
    ['a moment before five minutes', 5 * MINUTE - 1, true],
    ['at five minutes', 5 * MINUTE, false],
    ['a year later', 365 * 24 * 60 * MINUTE, false],
    ['by a clock a little behind', -1_000, true],
    ['long before it was issued', -MINUTE, false],
  ])('it is good for five minutes: %s', (_, after, good) => {
    expect(challenges.verify(nonce, 'approve run_1', NOW + after) !== null).toBe(good);
  });

  test('F3 it is for what it was issued about and nothing else', () => {
    assert(
      property(string(), (about) => {
        pre(about !== 'approve run_1');
        expect(challenges.verify(nonce, about, NOW)).toBeNull();
      }),
    );
  });

  test('F3 no other text is a nonce: each character changed, cut off, or added to', () => {
    for (let at = 0; at < nonce.length; at++) {
      for (const other of ['A', 'B', '_', '=', ' ']) {
        if (nonce[at] === other) continue;
        const changed = nonce.slice(0, at) + other + nonce.slice(at + 1);
        expect(challenges.verify(changed, 'approve run_1', NOW)).toBeNull();
      }
      expect(challenges.verify(nonce.slice(0, at), 'approve run_1', NOW)).toBeNull();
    }
    for (const more of ['A', '=', '\n', '.']) {
      expect(challenges.verify(nonce + more, 'approve run_1', NOW)).toBeNull();
    }
  });

  test('another key knows none of them', () => {
    expect(createChallenges(randomBytes(32)).verify(nonce, 'approve run_1', NOW)).toBeNull();
  });
});
