import { Unexpected } from '../expect.ts';
import type { Denied, Granted } from '../token-request.ts';

/** @throws Unexpected when it was refused */
export function issued(what: string, answer: Granted | Denied): Granted {
  if (answer.outcome === 'refused') throw new Unexpected(what, 'issued', answer.body);
  return answer;
}
