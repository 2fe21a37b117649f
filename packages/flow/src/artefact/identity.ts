import {
  IDENTITY_KINDS,
  IDENTITY_STATUSES,
  type Identity,
  KIND_ATTRIBUTES,
  type KindAttributes,
  NO_ENTITLEMENT,
  parseSpiffeId,
} from '@writ/core';
import { name, owner } from '../definition/names.ts';
import {
  choice,
  flag,
  instant,
  list,
  object,
  optional,
  refine,
  required,
  type Shape,
  text,
  whole,
} from '../document/shape.ts';
import { publicJwk } from './audience.ts';

const attributes = object({
  serial: optional(text, undefined),
  trust_anchor: optional(text, undefined),
  partner: optional(text, undefined),
  contact: optional(text, undefined),
  egress: optional(text, undefined),
  task: optional(text, undefined),
  data_sets: optional(list(text), undefined),
  commands: optional(list(text), undefined),
});

const identity: Shape<Identity> = refine(
  object({
    uri: required(text),
    name: required(name),
    kind: required(choice(IDENTITY_KINDS)),
    status: optional(choice(IDENTITY_STATUSES), 'active' as const),
    owner: required(owner),
    deputy: required(owner),
    purpose: required(text),
    environment: required(text),
    expires: required(instant),
    revision: optional(whole(1, 1_000_000_000), 1),
    'revision-reviewed': optional(flag, false),
    'previously-revoked': optional(flag, false),
    attributes: optional(attributes, {}),
    keys: optional(list(publicJwk), []),
  }),
  (value, node, report) => {
    if (parseSpiffeId(value.uri) === null) report(node.at, `\`${value.uri}\` is not a SPIFFE ID`);
    const given: KindAttributes = value.attributes;
    for (const needed of KIND_ATTRIBUTES[value.kind]) {
      if (given[needed] === undefined)
        report(node.at, `an identity of kind ${value.kind} needs \`${needed}\``);
    }
    const { 'revision-reviewed': revisionReviewed, 'previously-revoked': previouslyRevoked, ...rest } = value;
    return {
      ...rest,
      revisionReviewed,
      previouslyRevoked,
      entitlement: NO_ENTITLEMENT,
      boundSince: rest.revision,
    };
  },
);

/** Identities to register when a store is made, or while developing (`writ: identities/v1`); not part of the artefact set. */
export const identitiesShape: Shape<readonly Identity[]> = refine(
  object({ writ: required(choice(['identities/v1'])), identities: required(list(identity)) }),
  (value) => value.identities,
);
