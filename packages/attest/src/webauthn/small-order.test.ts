import { createSoftwarePasskey } from '@writ/testkit/passkeys';
import { describe, expect, test } from 'vitest';
import { isSmallOrder } from './small-order.ts';

const P = 2n ** 255n - 19n;
const D = mod(-121_665n * inverse(121_666n));

describe('isSmallOrder', () => {
  test('T15 refuses every y whose point, doubled three times, is the neutral one, in every spelling of 32 bytes', () => {
    // RFC 8032 §5.1: doubling needs no x. The roots of "doubled three times" are found from the neutral point backwards.
    const small = [0n, 1n, P - 1n, ...ofOrderEight()];
    const spellings = [...small, P, P + 1n].flatMap((y) => [encode(y), encode(y + 2n ** 255n)]);
    expect(small.every((y) => double(double(double(y))) === 1n)).toBe(true);
    expect(new Set(spellings)).toHaveProperty('size', 14);
    expect(spellings.filter((x) => !isSmallOrder({ crv: 'Ed25519', x }))).toEqual([]);
  });

  test('takes the keys that people have, and leaves other curves to others', () => {
    for (let i = 0; i < 64; i++) {
      const options = { rpId: 'h', origin: 'o', seed: `key-${i}`, alg: 'EdDSA' } as const;
      expect(isSmallOrder(createSoftwarePasskey(options).publicJwk)).toBe(false);
    }
    expect(isSmallOrder({ crv: 'P-256', x: encode(0n) })).toBe(false);
    expect(isSmallOrder({ kty: 'RSA', n: 'AQAB' })).toBe(false);
  });
});

/** y of 2·(x, y) on −x² + y² = 1 + d·x²·y². */
function double(y: bigint): bigint {
  const yy = mod(y * y);
  const xx = mod((yy - 1n) * inverse(D * yy + 1n));
  return mod((yy + xx) * inverse(2n - yy + xx));
}

/** Both y with double(y) = 0, where y² = −x²: then d·y⁴ + 2·y² − 1 = 0. */
function ofOrderEight(): readonly bigint[] {
  const root = squareRoot(1n + D);
  return [mod((root - 1n) * inverse(D)), mod((-root - 1n) * inverse(D))]
    .filter((square) => power(square, (P - 1n) / 2n) === 1n)
    .flatMap((square) => [squareRoot(square), mod(-squareRoot(square))]);
}

/** RFC 8032 §5.1.3. */
function squareRoot(square: bigint): bigint {
  const root = power(square, (P + 3n) / 8n);
  return mod(root * root) === mod(square) ? root : mod(root * power(2n, (P - 1n) / 4n));
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = mod(base), rest = exponent; rest > 0n; rest >>= 1n, square = mod(square * square)) {
    if ((rest & 1n) === 1n) result = mod(result * square);
  }
  return result;
}

function inverse(value: bigint): bigint {
  return power(value, P - 2n);
}

function mod(value: bigint): bigint {
  return ((value % P) + P) % P;
}

/** 32 bytes, the least significant first. */
function encode(y: bigint): string {
  return Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse().toString('base64url');
}
