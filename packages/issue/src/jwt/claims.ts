import type { FieldValue } from '@writ/core';
import type { Order } from '../issuer.ts';

/** The payload of an RFC 9068 access token, bound to a key (RFC 7800, RFC 9449 §6), with limits as RFC 9396 details. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  /** seconds */
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
  readonly client_id: string;
  readonly scope: string;
  readonly cnf?: { readonly jkt: string };
  /** RFC 8693 §4.1: who acts for `sub` */
  readonly act?: { readonly sub: string };
  readonly authorization_details?: readonly Readonly<Record<string, FieldValue>>[];
}

export function claimsOf({ bounds, issuer, id, issuedAt }: Order): AccessTokenClaims {
  const iat = Math.floor(issuedAt / 1000);
  const limits = bounds.inToken.flatMap((name): [string, FieldValue][] => {
    const value = bounds.fields[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    iss: issuer,
    sub: bounds.subject,
    aud: bounds.audience,
    exp: iat + bounds.ttl,
    iat,
    jti: id,
    client_id: bounds.identity.name,
    scope: bounds.scopes.join(' '),
    ...(bounds.holder === null ? {} : { cnf: { jkt: bounds.holder.thumbprint } }),
    ...(bounds.actor === null ? {} : { act: { sub: bounds.actor } }),
    ...(limits.length === 0
      ? {}
      : { authorization_details: [{ ...Object.fromEntries(limits), type: 'writ_issuance' }] }),
  };
}
