import { canonicalJson, type Json, type TableName, WritError } from '@writ/core';
import type { Ports } from '../ports.ts';
import { parse } from '../stored.ts';

type Mac = Pick<Ports, 'rowMac'>;

/** Everything of a row beside its body. */
export type Columns = Readonly<Record<string, Json>>;

/**
 * The body of a row that a person's rights rest on, sealed with its columns against whoever can write the database: no
 * leaf records such rows.
 */
export function sealedBody(ports: Mac, table: TableName, columns: Columns, body: Json): string {
  return JSON.stringify({ mac: macOf(ports, table, columns, body), body });
}

/** @throws WritError `verification-failed` for a row that this installation did not write as it is */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names what it wrote
export function openBody<T>(ports: Mac, table: TableName, columns: Columns, text: string): T {
  const { mac, body } = parse<{ mac?: string; body?: Json }>(text, table);
  if (body === undefined || mac !== macOf(ports, table, columns, body))
    throw new WritError('verification-failed', `a row of \`${table}\` is not as it was written`);
  // INVARIANT: what carries the MAC was written by this package, from a value of type T.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the invariant
  return body as T;
}

function macOf({ rowMac }: Mac, table: TableName, columns: Columns, body: Json): string {
  return rowMac(canonicalJson({ table, columns: { ...columns }, body }));
}
