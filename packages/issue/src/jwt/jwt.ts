import { sign } from 'node:crypto';
import { type Inclusion, Prepared, type Sealer, Secret, WritError } from '@writ/core';
import type { Issuer, KeyMint, Order } from '../issuer.ts';
import { claimsOf } from './claims.ts';
import { joseSignature } from './jose-signature.ts';
import { createSigningKeys } from './signing-keys.ts';

/** What the signer needs of the ledger, as functions. */
export interface JwtLedger {
  /** digest of the bytes to be signed, under the ledger's domain for tokens */
  tbsDigest(toBeSigned: Uint8Array): Uint8Array;
  /**
   * Holds `inclusion` to be a proof, under a checkpoint of our own log, of an issuance of exactly this digest.
   * @throws WritError `verification-failed`
   */
  checkInclusion(tbsDigest: Uint8Array, inclusion: Inclusion): void;
}

/** Access tokens of RFC 9068, signed with ES256. The keys it makes sign for nobody else. */
export function createJwtIssuer(sealer: Sealer, ledger: JwtLedger): { issuer: Issuer; keys: KeyMint } {
  const keys = createSigningKeys(sealer);
  const issuer: Issuer = {
    prepare: (order) => {
      if (order.bounds.generate.kind !== 'token') {
        throw new WritError('unsupported', `issuing \`${order.bounds.generate.kind}\` is not supported yet`);
      }
      const header = { alg: 'ES256', typ: 'at+jwt', kid: order.kid };
      const toBeSigned = Buffer.from(`${encode(header)}.${encode(claimsOf(order))}`, 'latin1');
      return new Prepared<Order>({
        kid: order.kid,
        toBeSigned,
        tbsDigest: ledger.tbsDigest(toBeSigned),
        plan: order,
      });
    },
    issue: (prepared, inclusion) => {
      prepared.spend();
      ledger.checkInclusion(prepared.tbsDigest, inclusion);
      const der = sign('sha256', prepared.toBeSigned, keys.get(prepared.kid));
      const text = Buffer.from(prepared.toBeSigned).toString('latin1');
      return new Secret(`${text}.${joseSignature(der).toString('base64url')}`);
    },
  };
  return { issuer, keys };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
