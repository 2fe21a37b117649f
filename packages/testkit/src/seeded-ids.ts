import { hash } from 'node:crypto';
import type { Ids } from '@writ/engine';

/** Names that look random and are the same in every run with this seed. Each is given once. */
export function createSeededIds(seed: string): Ids {
  let given = 0;
  const next = (): Buffer => {
    given += 1;
    return hash('sha256', `${seed}/${given}`, 'buffer');
  };
  return {
    run: () => `run_${next().toString('base64url')}`,
    token: () => next().toString('base64url'),
    reference: () => `ref_${next().toString('hex').slice(0, 20)}`,
    salt: () => next(),
  };
}
