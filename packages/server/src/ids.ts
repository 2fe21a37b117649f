import { randomFillSync } from 'node:crypto';
import type { Ids } from '@writ/engine';

/** Bytes drawn from the system at once: one call for a hundred names. */
const POOL = 8_192;
const pool = Buffer.alloc(POOL);
let used = POOL;

/** Fresh random bytes in memory of their own. What has been handed out is wiped from the pool, so nothing can be had twice. */
function random(count: number): Buffer {
  if (used + count > POOL) {
    randomFillSync(pool);
    used = 0;
  }
  const end = used + count;
  const bytes = Buffer.from(pool.subarray(used, end));
  pool.fill(0, used, end);
  used = end;
  return bytes;
}

/** Milliseconds in 45 bits: nine digits of base 32, which sort as the numbers do, until the year 3084. */
const DIGITS = 9;

/**
 * Random names of 160 bits; references, which people read out, of 80. Runs and tokens begin with the time they are made at,
 * which a token says anyway: rows of one batch then stand on the same pages of every index they are in.
 */
export function createIds(now: () => number): Ids {
  const time = (): string => now().toString(32).padStart(DIGITS, '0');
  return {
    run: () => `run_${time()}${random(20).toString('base64url')}`,
    token: () => time() + random(20).toString('base64url'),
    reference: () => `ref_${random(10).toString('hex')}`,
    salt: () => new Uint8Array(random(32)),
  };
}
