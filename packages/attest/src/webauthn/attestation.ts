import { EvidenceError } from '../evidence-error.ts';
import { type CborMap, isCborMap, parseCbor } from './cbor.ts';
import type { CredentialKey } from './cose-key.ts';
import { checkSignature } from './signature.ts';

/** Section 6.5.4. Nothing about it is verified yet. */
export interface AttestationObject {
  readonly fmt: string;
  readonly statement: CborMap;
  readonly authenticatorData: Buffer;
}

/** @throws EvidenceError `malformed` */
export function parseAttestationObject(bytes: Buffer): AttestationObject {
  const object = parseCbor(bytes);
  if (!isCborMap(object) || object.size !== 3) throw malformed('is not a map of three');
  const fmt = object.get('fmt');
  const statement = object.get('attStmt');
  const authenticatorData = object.get('authData');
  if (typeof fmt !== 'string') throw malformed('needs `fmt` as a text');
  if (!isCborMap(statement)) throw malformed('needs `attStmt` as a map');
  if (!Buffer.isBuffer(authenticatorData)) throw malformed('needs `authData` as bytes');
  return { fmt, statement, authenticatorData };
}

/**
 * Checks the statement of a registration for which no attestation was asked (conveyance `none`): browsers then leave an
 * empty one (section 8.7), or one that the new key itself signed (`packed` without certificates, section 8.2), which is
 * verified. Statements of a maker about its devices rest on roots nobody here holds, and are refused.
 *
 * @throws EvidenceError `unsupported`, `malformed`, `key` or `signature`
 */
export function checkStatement(
  { fmt, statement, authenticatorData }: AttestationObject,
  clientData: Buffer,
  { alg, key }: CredentialKey,
): void {
  if (fmt === 'none') {
    if (statement.size !== 0) throw malformed('has a statement where `fmt` says there is none');
    return;
  }
  if (fmt !== 'packed' || statement.has('x5c')) {
    throw new EvidenceError('unsupported', 'attestation by a maker is not supported: ask for `none`', {
      claim: 'fmt',
      value: fmt,
    });
  }
  const signature = statement.get('sig');
  if (statement.size !== 2 || statement.get('alg') !== alg || !Buffer.isBuffer(signature)) {
    throw malformed('has a statement that is not `alg` of the key and `sig`');
  }
  checkSignature(key, { authenticatorData, clientData, signature });
}

function malformed(why: string): EvidenceError {
  return new EvidenceError('malformed', `attestation object ${why}`);
}
