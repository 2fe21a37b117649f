import type { AttributeType } from '@writ/core';
import type { FieldDefinition, ProofDefinition } from '@writ/flow';

/** Names of attributes, in one place so that the model and the witness made from it cannot differ. */
export const AUDIENCE = 'request.audience';
export const SCOPES = 'request.scopes';
export const TTL = 'request.ttl';
/** how long the credential and those it follows have lived when it ends */
export const LIFETIME = 'lifetime';
export const BINDING = 'holder.pop';
export const NOW = 'now';
export const RUN_AGE = 'run.age';
export const IDENTITY_NAME = 'identity.name';
/** whether the identity's owner, or its deputy, resolves to a known person */
export const OWNER_KNOWN = 'people.owner';
export const DEPUTY_KNOWN = 'people.deputy';

export function identityAttribute(name: string): string {
  return `identity.${name}`;
}

/** A field of two types in two flows is two attributes: a request carries one of them at most. */
export function fieldAttribute(name: string, type: FieldDefinition['type']): string {
  return `request.field.${name}:${type}`;
}

/** Evidence is known by anchor and role; the proof ids of two flows may differ. */
export function slotOf(proof: Pick<ProofDefinition, 'anchor' | 'role'>): string {
  return `evidence ${proof.anchor} ${proof.role}`;
}

/** absent where no such evidence is presented */
export function evidenceAge(slot: string): string {
  return `${slot}.age`;
}

export function evidenceAssurance(slot: string): string {
  return `${slot}.assurance`;
}

export function claimAttribute(slot: string, claim: string): string {
  return `${slot}.claim.${claim}`;
}

/** the person whom the evidence is about is known */
export function evidencePerson(slot: string): string {
  return `${slot}.person`;
}

export function evidenceMember(slot: string, group: string): string {
  return `${slot}.member.${group}`;
}

/** the person who started what the evidence speaks of is known */
export function evidenceActor(slot: string): string {
  return `${slot}.actor`;
}

/** absent where the source said nothing */
export function sourceAge(source: string): string {
  return `source ${source}.age`;
}

export function sourceLeaf(source: string, path: readonly string[], type: LeafType): string {
  return `source ${source}.${path.join('.')}:${type}`;
}

export type LeafType = Exclude<AttributeType['type'], 'record'>;

/** What becomes of a credential, after it has been decided. */
export const LATER = {
  kind: 'issued.kind',
  delivery: 'delivery',
  humanVisible: 'human-visible',
  activationDelay: 'activation.delay',
  sinceReview: 'since-review',
  sinceRotation: 'since-rotation',
  sinceSuperseded: 'since-superseded',
  sinceUse: 'since-use',
  renewed: 'renewed',
  leftAtRenewal: 'left-at-renewal',
  recovered: 'recovered',
} as const;

export function parameterAttribute(name: string): string {
  return `generate.${name}`;
}

/** used from inside the addresses that this path names */
export function insideAttribute(path: string): string {
  return `inside ${path}`;
}

/** used beyond what the field says */
export function beyondAttribute(field: string): string {
  return `beyond ${field}`;
}

export function eventAttribute(event: string): string {
  return `event.${event}`;
}
