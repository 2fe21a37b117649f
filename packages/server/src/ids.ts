import { randomBytes } from 'node:crypto';
import type { Ids } from '@writ/engine';

/** Random names of 160 bits; references, which people read out, of 80. */
export const randomIds: Ids = {
  run: () => `run_${randomBytes(20).toString('base64url')}`,
  token: () => randomBytes(20).toString('base64url'),
  reference: () => `ref_${randomBytes(10).toString('hex')}`,
  salt: () => randomBytes(32),
};
