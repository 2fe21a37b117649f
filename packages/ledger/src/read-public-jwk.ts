import { LedgerError } from './ledger-error.ts';

/** Members of a JWK that nobody but its holder may see. RFC 7518 §6.2.2, §6.3.2, §6.4. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/**
 * The members of a key that may be recorded: none of them private or symmetric. RFC 7517.
 *
 * @throws LedgerError `record-malformed`
 */
export function readPublicJwk<Member>(
  jwk: Readonly<Record<string, Member>>,
): Readonly<Record<string, Member>> {
  for (const member of PRIVATE_MEMBERS) {
    if (Object.hasOwn(jwk, member)) throw malformed(`\`public_jwk.${member}\` is a private member`);
  }
  if (typeof jwk['kty'] !== 'string') throw malformed('`public_jwk.kty` is missing');
  return jwk;
}

function malformed(why: string): LedgerError {
  return new LedgerError('record-malformed', `record is malformed: ${why}`);
}
