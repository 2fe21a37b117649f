import type { Credential, IssuerKey } from '@writ/core';
import type { Ports } from './ports.ts';
import { readCredential, readKey } from './stored.ts';

/**
 * The credential a token is, or null: the token parses strictly, is signed by a key of ours, and the digest of its
 * signing input is that of an issuance. The compact text is never a key of anything (law 10).
 */
export async function openCredential(ports: Ports, token: string): Promise<Credential | null> {
  const rows = await ports.store.read.rows('issuer_keys', { limit: 1000 });
  const keys = rows.map(readKey).filter(({ state }) => state === 'active' || state === 'retired');
  const opened = ports.openToken(
    token,
    keys.map(({ publicJwk }) => publicJwk),
  );
  if (opened === null) return null;
  const row = await ports.store.read.row('credentials', opened.id);
  if (row === null || row.tbs_digest !== opened.tbsDigest) return null;
  return readCredential(row);
}

export async function issuerKeyOf({ store }: Pick<Ports, 'store'>, kid: string): Promise<IssuerKey | null> {
  const row = await store.read.row('issuer_keys', kid);
  return row === null ? null : readKey(row);
}
