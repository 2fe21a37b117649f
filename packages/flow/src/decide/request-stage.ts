import { type FieldValue, isWellFormed, type Person, type Reason } from '@writ/core';
import type { FieldDefinition } from '../definition/definition.ts';
import { binds } from './binds.ts';
import { accepted, type Check, type Context, reason, strength } from './context.ts';
import { personOfEvidence } from './people.ts';

/** Who may ask (`request.by`). */
export const asker: Check = ({ flow, identity, facts, proofs }) => {
  const { by } = flow.definition.request;
  if ('kinds' in by) {
    if (by.kinds.includes(identity.kind)) return [];
    return [
      reason('request', 'request.by', `an identity of kind ${identity.kind} may not ask through this flow`),
    ];
  }
  const group = by.from;
  const people = accepted({ proofs }).map(({ evidence }) => personOfEvidence(facts.people, evidence));
  const known = people.filter((person): person is Person => person !== null);
  if (known.some((person) => person.groups.includes(group))) return [];
  return [
    reason('request', 'request.by', 'only members of a group may ask through this flow', { expected: group }),
  ];
};

export const audience: Check = ({ flow, facts }) => {
  const { audience: asked } = facts.request;
  if (flow.definition.request.audience.includes(asked)) return [];
  return [
    reason('request', 'request.audience', 'this flow does not issue for that audience', { value: asked }),
  ];
};

/** Scopes within the flow's list; none asked is refused, never all. */
export const scopes: Check = ({ flow, facts }) => {
  const { scopes: asked } = facts.request;
  if (asked.length === 0)
    return [reason('request', 'request.scopes', 'no scope was asked for', { help: 'name the scopes' })];
  const beyond = asked.filter((scope) => !flow.definition.request.scopes.includes(scope));
  if (beyond.length === 0) return [];
  return [
    reason('request', 'request.scopes', 'this flow does not grant these scopes', { value: beyond.join(' ') }),
  ];
};

/** Fields are closed and typed. */
export const fields: Check = ({ flow, facts }) => {
  const declared = flow.definition.request.fields;
  const unknown = Object.keys(facts.request.fields)
    .filter((name) => !Object.hasOwn(declared, name))
    .map((name) =>
      reason('request', `request.fields.${name}`, `there is no field \`${name}\``, { help: 'leave it out' }),
    );
  const wrong = Object.entries(declared).flatMap(([name, field]) =>
    fieldReasons(name, field, facts.request.fields),
  );
  return [...unknown, ...wrong];
};

function fieldReasons(
  name: string,
  field: FieldDefinition,
  given: Readonly<Record<string, FieldValue>>,
): readonly Reason[] {
  const rule = `request.fields.${name}`;
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (value === undefined) {
    return field.required
      ? [reason('request', rule, `the field \`${name}\` is missing`, { help: 'add it' })]
      : [];
  }
  const problem = fieldProblem(field, value);
  return problem === null ? [] : [reason('request', rule, `the field \`${name}\` ${problem}`)];
}

function fieldProblem(field: FieldDefinition, value: FieldValue): string | null {
  switch (field.type) {
    case 'string':
      if (typeof value !== 'string' || !isWellFormed(value)) return 'must be a text';
      if (value.length > (field.maxLength ?? 1_000))
        return `is longer than ${field.maxLength ?? 1_000} characters`;
      return field.oneOf === null || field.oneOf.includes(value)
        ? null
        : `must be one of ${field.oneOf.join(', ')}`;
    case 'set': {
      if (typeof value !== 'object' || !value.every(isWellFormed)) return 'must be a list of texts';
      if (value.length > 100) return 'has more than 100 members';
      const { subsetOf } = field;
      const beyond = subsetOf === null ? [] : value.filter((member) => !subsetOf.includes(member));
      return beyond.length === 0 ? null : `may hold only ${subsetOf?.join(', ') ?? ''}`;
    }
    case 'long':
      return Number.isSafeInteger(value) ? null : 'must be a whole number within ±(2^53−1)';
    case 'bool':
      return typeof value === 'boolean' ? null : 'must be true or false';
  }
}

/** The asked life within what the flow, the right, the guardrails and the identity's own end allow; beyond it is refused, never trimmed. */
export function lifeCaps(
  context: Omit<Context, 'ttl' | 'proofs' | 'environment' | 'freezeScopes'>,
): readonly Cap[] {
  const { flow, right, identity, facts, now } = context;
  const { request, lifecycle } = flow.definition;
  const caps: Cap[] = [
    { rule: 'request.ttl', seconds: request.ttl.max },
    { rule: 'lifecycle.max-lifetime', seconds: lifecycle.maxLifetime },
  ];
  if (right !== null) {
    caps.push({ rule: `right.${right.id}`, seconds: right.maxTtl });
    caps.push({ rule: 'identity.expires', seconds: Math.floor((identity.expires - now) / 1000) });
  }
  for (const guardrail of applicable(context)) {
    if (guardrail.maxTtl !== null)
      caps.push({ rule: `guardrail.${guardrail.id}`, seconds: guardrail.maxTtl });
  }
  if (facts.lineage !== null) {
    const end = facts.lineage.firstIssuedAt + lifecycle.maxLifetime * 1000;
    caps.push({ rule: 'lifecycle.max-lifetime', seconds: Math.floor((end - now) / 1000) });
  }
  return caps;
}

export interface Cap {
  readonly rule: string;
  readonly seconds: number;
}

export const ttl: Check = (context) => {
  const { ttl: granted } = context;
  if (!(granted >= 1))
    return [reason('request', 'request.ttl', 'nothing is left of the life this identity may have')];
  if (!Number.isSafeInteger(granted))
    return [reason('request', 'request.ttl', 'a life is counted in whole seconds')];
  return lifeCaps(context)
    .filter(({ seconds }) => !(granted <= seconds))
    .map(({ rule, seconds }) =>
      reason('request', rule, 'a shorter life is the most that can be granted', {
        value: `${granted}s`,
        expected: `${seconds}s`,
        help: 'ask for less, or leave `ttl` out',
      }),
    );
};

/** Guardrails that bind this issuance. */
export function applicable(
  context: Pick<Context, 'set' | 'flow' | 'identity'>,
): Context['set']['guardrails'] {
  return context.set.guardrails.filter((guardrail) => binds(guardrail, context));
}

export const guardrails: Check = (context) => {
  const bound = applicable(context);
  const good = accepted(context).map(({ evidence }) => strength(context.set, evidence));
  const assurance = good.length === 0 ? 0 : Math.min(...good);
  const pop = context.facts.holder?.pop ?? 'none';
  return bound.flatMap(({ id, because, minAssurance, pop: allowed }) => {
    const rule = `guardrail.${id}`;
    const weak = minAssurance !== null && !(assurance >= minAssurance);
    const unbound = allowed !== null && !allowed.includes(pop);
    return [
      ...(weak ? [reason('policy', rule, `${because}: the evidence is not strong enough`)] : []),
      ...(unbound ? [reason('policy', rule, `${because}: \`${pop}\` is not a binding it allows`)] : []),
    ];
  });
};
