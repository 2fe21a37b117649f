import type { Inclusion } from '@writ/core';
import { formatReceipt } from '@writ/ledger';
import type { Ports } from './ports.ts';

/** The receipt of an entry: C2SP tlog-proof with leaf and salt, for whoever holds the credential. */
export function receiptOf(inclusion: Inclusion, salt: Uint8Array): string {
  const { index, leaf, proof, checkpoint } = inclusion;
  return formatReceipt({ index, leaf, proof, checkpoint, salt });
}

/**
 * The receipt of a credential, fetched again under the current checkpoint; null where there is no such credential. The key
 * is the credential's id: it is random and stands in the credential alone, while everything in the log is public.
 */
export async function receiptFor({ store }: Pick<Ports, 'store'>, id: string): Promise<string | null> {
  const row = await store.read.row('credentials', id);
  if (row === null) return null;
  const entry = await store.read.entry(await issueIndex(store, row.run));
  if (entry === null || entry.salt === null) return null;
  return receiptOf(await store.read.inclusion(entry.index), entry.salt);
}

/** A credential's row is written again when it is revoked; its run's row stays as the issuing commit wrote it. */
async function issueIndex(store: Ports['store'], run: string): Promise<number> {
  const row = await store.read.row('runs', run);
  return row?.entry ?? -1;
}
