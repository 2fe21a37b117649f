import { IDENTITY_KINDS, KIND_ATTRIBUTES, type KindAttributes, parseInstant, type Reason } from '@writ/core';
import type { AskedIdentity } from '@writ/engine';
import { type TSchema, Type } from 'typebox';
import { shapeReader } from '../read-shape.ts';
import { nullable, text, time } from './text.ts';

const strict = { additionalProperties: false } as const;
const HELP: Readonly<Record<keyof KindAttributes, string>> = {
  serial: 'the serial number of a device',
  trust_anchor: 'who vouches for the keys of a device',
  partner: 'who is at the other end of an integration',
  contact: 'whom to reach at the other end of an integration',
  egress: 'the addresses that an integration comes from',
  task: 'the boundary of what an agent does',
  data_sets: 'the data that an agent works on',
  commands: 'the commands that an agent may run',
};

const attribute = (name: keyof KindAttributes): Type.TOptional<Type.TString> =>
  Type.Optional(text(HELP[name], 500));
const listed = (name: keyof KindAttributes): Type.TOptional<Type.TArray<Type.TString>> =>
  Type.Optional(Type.Array(text('one of them', 500), { maxItems: 64, description: HELP[name] }));

const Attributes = Type.Object(
  {
    serial: attribute('serial'),
    trust_anchor: attribute('trust_anchor'),
    partner: attribute('partner'),
    contact: attribute('contact'),
    egress: attribute('egress'),
    task: attribute('task'),
    data_sets: listed('data_sets'),
    commands: listed('commands'),
  },
  { $id: 'KindAttributes', ...strict, description: 'what only one kind of identity has' },
);

/** RFC 7517, public members alone: a private one has no place here, and is refused as any unknown member is. */
const PublicJwk = Type.Object(
  {
    kty: text('`EC`, `OKP` or `RSA`'),
    kid: text('the name that it is known by'),
    alg: Type.Optional(text('the algorithm that it is for')),
    use: Type.Optional(text('`sig`')),
    crv: Type.Optional(text('its curve')),
    x: Type.Optional(text('base64url')),
    y: Type.Optional(text('base64url')),
    n: Type.Optional(text('base64url', 2_000)),
    e: Type.Optional(text('base64url')),
  },
  { $id: 'PublicJwk', ...strict, description: 'the public half of a key; the private one stays where it is' },
);

const Proposed = Type.Object(
  {
    name: text('a short name such as `svc-reporting`'),
    kind: Type.Enum([...IDENTITY_KINDS], { description: `one of ${IDENTITY_KINDS.join(', ')}` }),
    owner: text('who answers for it: `user:…` or `group:…`'),
    deputy: text('who answers for it when the owner is away: `user:…` or `group:…`'),
    purpose: text('what it is for, in a sentence', 1_000),
    environment: text('where it runs: `production`, `staging`, …'),
    expires: time('when it ends, in UTC: `2027-06-30T00:00:00Z`'),
    attributes: Type.Optional(Attributes),
    keys: Type.Optional(
      Type.Array(PublicJwk, {
        maxItems: 8,
        description: 'keys that it authenticates with as an OAuth client',
      }),
    ),
  },
  { $id: 'ProposedIdentity', ...strict },
);

const FieldValue = Type.Union([
  Type.String({ maxLength: 1_000 }),
  Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  Type.Boolean(),
  Type.Array(Type.String({ maxLength: 500 }), { maxItems: 64 }),
]);

const Asked = Type.Object(
  {
    flow: text('the flow to ask through: `identity-issue`'),
    identity: Proposed,
    replaces: Type.Optional(
      nullable(Type.Integer({ minimum: 1, description: 'the revision that a change is meant for' })),
    ),
    audience: text('what it will talk to', 500),
    scopes: Type.Array(text('one of them'), {
      minItems: 1,
      maxItems: 64,
      description: 'what it may do there, at least one',
    }),
    fields: Type.Optional(
      Type.Record(Type.String(), FieldValue, {
        maxProperties: 64,
        description: 'what the flow asks beside: `writ flow show` lists them',
      }),
    ),
  },
  { $id: 'AskedIdentity', ...strict, description: 'an identity that is asked for, or a change to one' },
);

export const ASKED_IDENTITY: TSchema = Asked;

const read = shapeReader(Asked);

/** @throws Problem `invalid` with everything that is missing and everything that is wrong, at once (S0.8) */
export function readAsked(body: unknown, idempotencyKey: string | null): AskedIdentity {
  const { flow, identity, replaces, audience, scopes, fields } = read(body, lackingAttributes(body));
  return {
    flow,
    audience,
    scopes,
    replaces: replaces ?? null,
    fields: { ...fields },
    idempotencyKey,
    identity: {
      ...identity,
      expires: parseInstant(identity.expires) ?? 0,
      attributes: { ...identity.attributes },
      keys: (identity.keys ?? []).map(textsOf),
    },
  };
}

/** What the kind of identity that is asked for must have, and this one has not. */
function lackingAttributes(body: unknown): readonly Reason[] {
  const identity = memberOf(body, 'identity');
  const kind = IDENTITY_KINDS.find((each) => each === memberOf(identity, 'kind'));
  if (kind === undefined) return [];
  const given = memberOf(identity, 'attributes');
  return KIND_ATTRIBUTES[kind]
    .filter((name) => memberOf(given, name) === undefined)
    .map((name) => ({
      stage: 'request',
      rule: `request.identity.attributes.${name}`,
      message: `\`identity.attributes.${name}\` is missing`,
      help: HELP[name],
    }));
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** Members that are there. */
function textsOf(jwk: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(jwk).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
