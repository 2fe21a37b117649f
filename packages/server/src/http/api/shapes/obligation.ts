import { formatInstant, type Obligation } from '@writ/core';
import { type Static, type TSchema, Type } from 'typebox';
import { nullable, time } from './text.ts';

const Envelope = Type.Object(
  {
    identity: Type.String({ description: 'its URI' }),
    revision: Type.Integer(),
    flow: Type.String({ description: 'SHA-256 of its text, hexadecimal' }),
    audience: Type.String(),
    scopes: Type.Array(Type.String()),
    ttl: Type.Integer({ description: 'seconds' }),
    fields: Type.Record(Type.String(), Type.Unknown()),
  },
  {
    $id: 'Envelope',
    additionalProperties: false,
    description: 'what a standing approval covers; it is signed instead of the plan',
  },
);

const demanded = {
  kind: Type.Enum(['approval', 'confirmation']),
  rule: Type.String(),
  from: Type.String({ description: '`group:…`, `owner`, `proof:…`' }),
  count: Type.Integer(),
  missing: Type.Integer(),
  factor: nullable(Type.String()),
  not: Type.Array(Type.String(), { description: 'who is excluded' }),
  expires: time('until when it can be met'),
  unsatisfiable: nullable(Type.String({ description: 'why nobody can meet it as things are' })),
  digest: Type.String({ description: 'what is to be signed, hexadecimal' }),
  envelope: nullable(Envelope),
};

const Demanded = Type.Object(demanded, { $id: 'Obligation', additionalProperties: false });
const Assigned = Type.Object(
  {
    ...demanded,
    assignee: Type.String(),
    mine: Type.Boolean({ description: 'whether it waits for you' }),
  },
  { $id: 'AssignedObligation', additionalProperties: false },
);

/** What is demanded before a run goes on. */
export const OBLIGATION: TSchema = Demanded;
/** The same where somebody is asked for it. */
export const ASSIGNED_OBLIGATION: TSchema = Assigned;

export function obligationBody(obligation: Obligation): object {
  return demandedBody(obligation);
}

export function assignedBody(
  obligation: Obligation & { readonly assignee: string; readonly mine: boolean },
): object {
  const body: Static<typeof Assigned> = {
    ...demandedBody(obligation),
    assignee: obligation.assignee,
    mine: obligation.mine,
  };
  return body;
}

function demandedBody({ envelope, expires, not, ...rest }: Obligation): Static<typeof Demanded> {
  const { kind, rule, from, count, missing, factor, unsatisfiable, digest } = rest;
  return {
    kind,
    rule,
    from,
    count,
    missing,
    factor,
    not: [...not],
    expires: formatInstant(expires),
    unsatisfiable,
    digest,
    envelope:
      envelope === null
        ? null
        : { ...envelope, scopes: [...envelope.scopes], fields: { ...envelope.fields } },
  };
}
