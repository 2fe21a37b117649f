import { EvidenceError } from '../evidence-error.ts';

/** Section 4, "credential ID": shorter ones are not unique by chance; section 7.1: longer ones are refused. */
const LEAST = 16;
const MOST = 1023;

/** @throws EvidenceError `malformed` */
export function checkCredentialId(id: Buffer): void {
  if (id.length < LEAST || id.length > MOST) {
    throw new EvidenceError('malformed', `credential id is not of ${LEAST} to ${MOST} bytes`, {
      claim: 'id',
    });
  }
}
