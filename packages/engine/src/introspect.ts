import type { Credential } from '@writ/core';
import type { ArtefactSet, Audience } from '@writ/flow';
import type { InForce } from './in-force.ts';
import { liveness } from './live-credential.ts';
import { openCredential } from './opened-credential.ts';
import type { Ports } from './ports.ts';

/** RFC 7662 §2.2. Whatever the caller may not see is `active: false` and nothing else. */
export type Introspection = { readonly active: false } | ActiveToken;

export interface ActiveToken {
  readonly active: true;
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly client_id: string;
  readonly scope: string;
  readonly jti: string;
  readonly exp: number;
  readonly iat: number;
  readonly token_type: 'DPoP' | 'Bearer';
  readonly cnf?: { readonly jkt: string };
}

/** The audience whose resource server authenticates as `client`, or null. */
export function audienceOfClient(set: ArtefactSet, client: string): Audience | null {
  return [...set.audiences.values()].find(({ introspection }) => introspection?.client === client) ?? null;
}

/** Answers the resource server `client` about a token for its own audience. */
export async function introspect(
  ports: Ports,
  inForce: InForce,
  token: string,
  client: string,
): Promise<Introspection> {
  const credential = await openCredential(ports, token);
  const mine = audienceOfClient(await inForce.current(), client);
  if (credential === null || mine === null || credential.audience !== mine.uri) return { active: false };
  const { live } = await liveness(ports, credential);
  return live ? activeToken(ports.issuerUrl, credential) : { active: false };
}

function activeToken(iss: string, credential: Credential): ActiveToken {
  return {
    active: true,
    iss,
    sub: credential.subject,
    aud: credential.audience,
    client_id: credential.identity,
    scope: credential.scopes.join(' '),
    jti: credential.id,
    exp: credential.expiresAt / 1000,
    iat: credential.issuedAt / 1000,
    token_type: credential.holder === '' ? 'Bearer' : 'DPoP',
    ...(credential.holder === '' ? {} : { cnf: { jkt: credential.holder } }),
  };
}
