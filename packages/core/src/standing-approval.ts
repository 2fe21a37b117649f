import { canonicalJson } from './canonical-json.ts';
import type { Envelope } from './envelope.ts';
import { type Hash, toHex } from './hash.ts';
import type { FieldValue } from './request.ts';
import { utf8 } from './utf8.ts';
import type { Bounds } from './verdict.ts';

/** What a standing approval that is asked for now would cover. */
export function envelopeOf(bounds: Bounds): Envelope {
  const { identity, flow, audience, scopes, ttl, fields } = bounds;
  return {
    identity: identity.uri,
    revision: identity.revision,
    flow: flow.hash,
    audience,
    scopes,
    ttl,
    fields,
  };
}

/** What an approver of a standing approval signs. Hexadecimal SHA-256. */
export function envelopeDigest(hash: Hash, envelope: Envelope): string {
  return toHex(hash(utf8(canonicalJson({ ...envelope }))));
}

/** Whether what would be issued is inside: same audience; scopes and set-valued fields within; life no longer; other fields equal. */
export function covers(envelope: Envelope, bounds: Bounds): boolean {
  const asked = envelopeOf(bounds);
  return (
    envelope.identity === asked.identity &&
    envelope.revision === asked.revision &&
    envelope.flow === asked.flow &&
    envelope.audience === asked.audience &&
    within(asked.scopes, envelope.scopes) &&
    asked.ttl <= envelope.ttl &&
    [...new Set([...Object.keys(asked.fields), ...Object.keys(envelope.fields)])].every((name) =>
      fieldWithin(own(asked.fields, name), own(envelope.fields, name)),
    )
  );
}

function own(fields: Envelope['fields'], name: string): FieldValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function within(members: readonly string[], all: readonly string[]): boolean {
  return members.every((member) => all.includes(member));
}

function fieldWithin(asked: FieldValue | undefined, approved: FieldValue | undefined): boolean {
  if (typeof approved === 'object')
    return asked === undefined || (typeof asked === 'object' && within(asked, approved));
  return asked === approved;
}
