import { EvidenceError } from '../evidence-error.ts';
import type { StrictObject } from './strict-json.ts';

const LONGEST = 256;

/**
 * `jti` (RFC 7519 §4.1.7), 1 to 256 characters so that what remembers it stays bounded; null when absent.
 * @throws EvidenceError `claim`
 */
export function readTokenId(payload: StrictObject): string | null {
  const { jti } = payload;
  if (jti === undefined) return null;
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST) {
    throw new EvidenceError('claim', `\`jti\` must be a text of 1 to ${LONGEST} characters`, {
      claim: 'jti',
      value: jti,
    });
  }
  return jti;
}

/** @throws EvidenceError `claim` when it is absent or unfit */
export function requireTokenId(payload: StrictObject): string {
  const jti = readTokenId(payload);
  if (jti === null) throw new EvidenceError('claim', '`jti` is missing', { claim: 'jti' });
  return jti;
}
