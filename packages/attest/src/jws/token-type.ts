import { EvidenceError } from '../evidence-error.ts';

/**
 * `typ` (RFC 8725 §3.11) must be one of `accepted`, exactly, or absent where the list holds null. Whatever it calls
 * itself otherwise (`at+jwt`, `dpop+jwt`, `secevent+jwt`, `logout+jwt` …) was made for another door.
 *
 * @throws EvidenceError `type`
 */
export function checkTokenType(typ: string | null, accepted: readonly (string | null)[]): void {
  if (!accepted.includes(typ)) {
    throw new EvidenceError('type', 'token is of a type that is not accepted here', {
      claim: 'typ',
      value: typ ?? undefined,
    });
  }
}
