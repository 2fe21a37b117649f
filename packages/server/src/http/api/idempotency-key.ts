import { Problem } from '../problem.ts';
import type { Call } from './operation.ts';

/** The `Idempotency-Key` of a request: 1 to 255 printable ASCII characters. @throws Problem `invalid` */
export function keyOf(call: Call): string | null {
  const key = call.header('idempotency-key');
  if (key === null || /^[ -~]{1,255}$/.test(key)) return key;
  throw new Problem('invalid', { detail: 'the idempotency key is not 1 to 255 printable characters' });
}
