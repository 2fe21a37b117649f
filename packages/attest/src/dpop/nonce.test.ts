import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDpopNonces } from './nonce.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60_000;
const nonces = createDpopNonces(Buffer.alloc(32, 1));

describe('createDpopNonces', () => {
  test('D17 a nonce is good for 5 minutes at least and 10 at most', () => {
    fc.assert(
      fc.property(fc.nat(60 * MINUTE), (later) => {
        const nonce = nonces.issueNonce(NOW + later);
        expect(nonces.isValidNonce(nonce, NOW + later)).toBe(true);
        expect(nonces.isValidNonce(nonce, NOW + later + 5 * MINUTE)).toBe(true);
        expect(nonces.isValidNonce(nonce, NOW + later + 10 * MINUTE)).toBe(false);
        expect(nonces.isValidNonce(nonce, NOW + later - 5 * MINUTE)).toBe(false);
      }),
    );
  });

  test('D17 a nonce under another key is refused', () => {
    const other = createDpopNonces(Buffer.alloc(32, 2));
    expect(nonces.isValidNonce(other.issueNonce(NOW), NOW)).toBe(false);
  });

  test('replicas with one key accept each other’s nonces', () => {
    expect(createDpopNonces(Buffer.alloc(32, 1)).isValidNonce(nonces.issueNonce(NOW), NOW)).toBe(true);
  });

  test('refuses any other text', () => {
    const nonce = nonces.issueNonce(NOW);
    fc.assert(
      fc.property(
        fc.nat(nonce.length),
        fc.string({ unit: 'binary', maxLength: 3 }),
        fc.nat(2),
        (at, insert, cut) => {
          const changed = nonce.slice(0, at) + insert + nonce.slice(at + cut);
          expect(nonces.isValidNonce(changed, NOW)).toBe(changed === nonce);
        },
      ),
    );
  });

  test('is in the characters RFC 9449 §8.1 allows', () => {
    expect(nonces.issueNonce(NOW)).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]{43}$/);
  });

  test('refuses a key of less than 32 bytes', () => {
    expect(() => createDpopNonces(Buffer.alloc(31))).toThrow(RangeError);
  });
});
