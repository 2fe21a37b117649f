import type { Credential, Identity } from '@writ/core';
import { liveness } from './live-credential.ts';
import type { Ports } from './ports.ts';
import type { Refusal, Refusals } from './refusal.ts';
import { readCredential, readIdentity } from './stored.ts';

/** Everything Writ knows behind one reference, for owner and operators. */
export type Explanation =
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  | {
      readonly kind: 'issuance';
      readonly index: number;
      readonly record: unknown;
      readonly credential: Credential;
      readonly live: boolean;
      readonly because: string | null;
    }
  | { readonly kind: 'run'; readonly run: Readonly<Record<string, unknown>> }
  | { readonly kind: 'entry'; readonly index: number; readonly record: unknown };

/** Finds a refusal by its reference, an issuance by run, token id or ledger index, or any other entry by its index. Null when there is none. */
export async function explain(
  ports: Ports,
  refusals: Refusals,
  reference: string,
): Promise<Explanation | null> {
  const refusal = await refusals.find(reference);
  if (refusal !== null) return { kind: 'refusal', refusal };
  const credential = await findCredential(ports, reference);
  if (credential === null) {
    const run = await ports.store.read.row('runs', reference);
    return run === null ? otherEntry(ports, reference) : { kind: 'run', run: { ...run } };
  }
  const run = await ports.store.read.row('runs', credential.run);
  const entry = run?.entry === null || run === null ? null : await ports.store.read.entry(run.entry);
  const live = await liveness(ports, credential);
  return {
    kind: 'issuance',
    index: entry?.index ?? -1,
    record: entry === null || entry.record === null ? null : JSON.parse(entry.record),
    credential,
    live: live.live,
    because: live.live ? null : live.because,
  };
}

async function otherEntry({ store }: Ports, reference: string): Promise<Explanation | null> {
  const entry = INDEX.test(reference) ? await store.read.entry(Number(reference)) : null;
  if (entry === null) return null;
  const record: unknown = entry.record === null ? null : JSON.parse(entry.record);
  return { kind: 'entry', index: entry.index, record };
}

const INDEX = /^\d{1,15}$/;

async function findCredential(ports: Ports, reference: string): Promise<Credential | null> {
  const { read } = ports.store;
  const byId = await read.row('credentials', reference);
  if (byId !== null) return readCredential(byId);
  const entry = INDEX.test(reference) ? await read.entry(Number(reference)) : null;
  const record: unknown = entry === null || entry.record === null ? null : JSON.parse(entry.record);
  const named = typeof record === 'object' && record !== null && 'run' in record ? record.run : reference;
  if (typeof named !== 'string') return null;
  const [byRun] = await read.rows('credentials', { column: 'run', equals: named, limit: 1 });
  return byRun === undefined ? null : readCredential(byRun);
}

/** Identities in the order of their names. */
export async function listIdentities(
  ports: Ports,
  after: string | null,
  limit: number,
): Promise<readonly Identity[]> {
  const rows = await ports.store.read.rows('identities', after === null ? { limit } : { limit, after });
  return rows.map(readIdentity);
}

export async function findIdentity(ports: Ports, name: string): Promise<Identity | null> {
  const row = await ports.store.read.row('identities', name);
  return row === null ? null : readIdentity(row);
}
