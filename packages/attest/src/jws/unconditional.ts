import { EvidenceError } from '../evidence-error.ts';
import type { StrictObject } from './strict-json.ts';

/** A binding to a key (RFC 7800 §3.1), an actor and who may be one (RFC 8693 §4.1, §4.4): nothing here holds anybody to them. */
const CONDITIONS: readonly string[] = ['cnf', 'act', 'may_act'];

/**
 * A token that counts under a condition alone must not count without it (X7, X8, X15).
 * @throws EvidenceError `claim`
 */
export function checkUnconditional(payload: StrictObject): void {
  const claim = CONDITIONS.find((name) => payload[name] !== undefined);
  if (claim !== undefined) {
    throw new EvidenceError('claim', `\`${claim}\` is a condition that is not checked here`, { claim });
  }
}
