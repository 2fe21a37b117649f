import { EvidenceError } from '../evidence-error.ts';
import { isStrictList, type StrictObject } from './strict-json.ts';

/**
 * `aud` (RFC 7519 §4.1.3) must be `audience` as its sole value, alone or in a list of one, compared character by
 * character. A token for several could be replayed at the others.
 *
 * @throws EvidenceError `audience`
 */
export function checkSoleAudience(payload: StrictObject, audience: string): void {
  const { aud } = payload;
  const sole = isStrictList(aud) && aud.length === 1 ? aud[0] : aud;
  if (audience === '' || typeof sole !== 'string' || sole !== audience) {
    throw new EvidenceError('audience', '`aud` must be the audience configured here and no other', {
      claim: 'aud',
      value: aud,
    });
  }
}
