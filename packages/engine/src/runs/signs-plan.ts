import { canonicalJson, envelopeDigest, type Hash, type Json, type Obligation } from '@writ/core';
import type { OpenRun } from './stored-run.ts';

/**
 * Whether what an obligation has signed is the plan of the run, or the envelope around exactly what the run asks for, under
 * one of these texts of its flow (content hashes). Rows of obligations are not sealed; the plan is.
 */
export function signsPlan(
  sha256: Hash,
  { plan, body }: Pick<OpenRun, 'plan' | 'body'>,
  flows: readonly string[],
  { digest, envelope }: Pick<Obligation, 'digest' | 'envelope'>,
): boolean {
  if (envelope === null) return digest === plan;
  const planned = membersOf(body.plan);
  const { identity = null, revision = null, audience = null, scopes = null, fields = null } = planned;
  const asked = canonicalJson({ identity, revision, audience, scopes, fields });
  const { flow, ttl, ...rest } = envelope;
  return (
    digest === envelopeDigest(sha256, envelope) &&
    flows.includes(flow) &&
    // What is in force may have narrowed the life since.
    ttl <= Number(planned['ttl']) &&
    canonicalJson({ ...rest, fields: { ...rest.fields } }) === asked
  );
}

function membersOf(plan: Json): { readonly [member: string]: Json | undefined } {
  return typeof plan === 'object' && plan !== null && !('length' in plan) ? plan : {};
}
