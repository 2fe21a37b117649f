import { Unexpected } from '../expect.ts';
import type { Denied, Granted } from '../token-request.ts';

/** @throws Unexpected when it was granted */
export function refused(what: string, answer: Granted | Denied): Denied {
  if (answer.outcome === 'issued') throw new Unexpected(what, 'refused', 'issued');
  return answer;
}
