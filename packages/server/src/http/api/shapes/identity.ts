import { formatInstant, IDENTITY_KINDS } from '@writ/core';
import type { IdentityView } from '@writ/engine';
import { type Static, type TSchema, Type } from 'typebox';
import { nullable, time } from './text.ts';

const strict = { additionalProperties: false } as const;

const Identity = Type.Object(
  {
    name: Type.String({ description: 'its short name, which is its OAuth `client_id`' }),
    uri: Type.String({ description: 'its SPIFFE ID' }),
    kind: Type.Enum([...IDENTITY_KINDS]),
    status: Type.String(),
    owner: Type.String(),
    deputy: Type.String(),
    purpose: Type.String(),
    environment: Type.String(),
    expires: time('when it ends'),
    revision: Type.Integer(),
    revisionReviewed: Type.Boolean(),
    attributes: Type.Record(Type.String(), Type.Unknown()),
    entitlement: Type.Object(
      {
        audiences: Type.Array(Type.String()),
        scopes: Type.Array(Type.String()),
        environments: Type.Array(Type.String()),
        dataSets: Type.Array(Type.String()),
        commands: Type.Array(Type.String()),
      },
      { $id: 'Entitlement', ...strict, description: 'the widest it may hold' },
    ),
    clientKeys: Type.Array(Type.String(), { description: 'ids of the keys that it authenticates with' }),
    reviewDue: nullable(time('when it must be reviewed')),
    because: Type.String({ description: 'why you see it' }),
  },
  { $id: 'Identity', ...strict },
);

export const IDENTITY: TSchema = Identity;

export function identityBody(view: IdentityView): object {
  const { name, uri, kind, status, owner, deputy, purpose, environment, revision, because } = view;
  const { audiences, scopes, environments, dataSets, commands } = view.entitlement;
  const body: Static<typeof Identity> = {
    name,
    uri,
    kind,
    status,
    owner,
    deputy,
    purpose,
    environment,
    expires: formatInstant(view.expires),
    revision,
    revisionReviewed: view.revisionReviewed,
    attributes: { ...view.attributes },
    entitlement: {
      audiences: [...audiences],
      scopes: [...scopes],
      environments: [...environments],
      dataSets: [...dataSets],
      commands: [...commands],
    },
    clientKeys: [...view.clientKeys],
    reviewDue: view.reviewDue === 0 ? null : formatInstant(view.reviewDue),
    because,
  };
  return body;
}
