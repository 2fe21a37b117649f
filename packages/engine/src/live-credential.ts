import { type Credential, freezeCell, isLive, type Liveness } from '@writ/core';
import { issuerKeyOf } from './opened-credential.ts';
import type { Ports } from './ports.ts';
import { readIdentity } from './stored.ts';

/** Reads what liveness depends on and asks the one function (law 3). */
export async function liveness(ports: Ports, credential: Credential): Promise<Liveness> {
  const { read } = ports.store;
  const cells = await read.cells(credential.freezeScopes.map(freezeCell));
  const row = await read.row('identities', credential.identity);
  const key = await issuerKeyOf(ports, credential.kid);
  const freezes = Object.fromEntries(
    credential.freezeScopes.map((scope) => [scope, cells[freezeCell(scope)] ?? null]),
  );
  const identity = row === null ? null : readIdentity(row);
  return isLive({ credential, identity, freezes, key: key?.state ?? null }, ports.now());
}
