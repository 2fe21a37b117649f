import type { IdentityRecord, IssueRecord, RecordEnvelope } from '../record.ts';
import type { KnownIdentities } from './known-identities.ts';

/** A standing approval, and the identity its record names. */
interface Standing {
  readonly identity: string;
  readonly envelope: RecordEnvelope;
}

/**
 * In words, how what came about is outside what was approved once; null where it is inside as far as its record tells:
 * same identity at the same revision, same flow, same audience, scopes within, life no longer.
 */
export function outsideEnvelope(
  { identity, envelope }: Standing,
  record: IssueRecord | IdentityRecord,
  identities: KnownIdentities,
): string | null {
  if (!identities.isUnder(identity, envelope.identity)) {
    return `\`${identity}\` is not registered as \`${envelope.identity}\``;
  }
  const revision = identities.revisionOf(identity);
  if (revision !== envelope.revision) {
    return `it is of revision ${envelope.revision}, and \`${identity}\` is at ${revision}`;
  }
  if (record.flow?.hash !== envelope.flow) return `it is of another flow, \`${envelope.flow}\``;
  if (record.type === 'identity') return null;
  if (record.audience !== envelope.audience) return `it is of audience \`${envelope.audience}\``;
  const more = record.scopes.find((scope) => !envelope.scopes.includes(scope));
  if (more !== undefined) return `it has no scope \`${more}\``;
  if (record.ttl > envelope.ttl) return `its ttl is ${envelope.ttl}, not ${record.ttl}`;
  return null;
}
