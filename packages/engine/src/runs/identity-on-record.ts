import { canonicalJson, type Identity, type Json, WritError } from '@writ/core';
import type { Ports } from '../ports.ts';
import { identityRow, parse, readIdentity } from '../stored.ts';
import { recorded } from './recorded.ts';

/**
 * The registered identity, held to the leaf that recorded this revision of it: what people approved is decided by what
 * the ledger says of it, not by what a row has become.
 * @throws WritError `verification-failed`
 */
export async function identityOnRecord(ports: Ports, name: string): Promise<Identity | null> {
  const row = await ports.store.read.row('identities', name);
  if (row === null) return null;
  const identity = readIdentity(row);
  const { record } = await recorded(ports, row.entry);
  const change = record.type === 'identity' && record.identity === name ? record.change : null;
  const { entry: _entry, body: _body, ...columns } = row;
  const { body: _same, ...named } = identityRow(identity);
  if (
    canonicalJson(parse<Json>(JSON.stringify(change), 'record')) !==
      canonicalJson(parse<Json>(row.body, 'identity')) ||
    canonicalJson(columns) !== canonicalJson(named)
  )
    throw new WritError(
      'verification-failed',
      `the identity \`${name}\` is not as its entry says; run \`writ audit\``,
    );
  return identity;
}
