import { type FlowDefinition, isAct, type Right } from '@writ/flow';
import { and, atMost, atom, FALSE, type Formula, flag, not, oneOf, or, TRUE } from '../formula/formula.ts';
import type { Rule } from './model.ts';
import * as names from './names.ts';
import { applicable, type Scope } from './scope.ts';

/** The bounds of a request: who asks, for what, how long, within which right and guardrail. What the identity is entitled to is data. */
export function requestRules(scope: Scope): readonly Rule[] {
  const { request, lifecycle } = scope.side.flow.definition;
  return [
    rule('identity.status', oneOf(names.identityAttribute('status'), ['active'])),
    rule('identity.owner', not(oneOf(names.identityAttribute('owner'), ['']))),
    rule('request.by', asker(scope)),
    rule('request.audience', oneOf(names.AUDIENCE, request.audience)),
    rule('request.scopes', not(within([]))),
    rule('request.scopes', within(request.scopes)),
    rule('request.ttl', atMost(names.TTL, request.ttl.max * 1000)),
    {
      stage: 'lifecycle',
      id: 'lifecycle.max-lifetime',
      formula: atMost(names.LIFETIME, lifecycle.maxLifetime * 1000),
    },
    ...fieldRules(scope),
    ...proposalRules(scope),
    ...rightRules(scope),
    ...guardrailRules(scope),
  ];
}

function rule(id: string, formula: Formula): Rule {
  return { stage: 'request', id, formula };
}

function within(scopes: readonly string[]): Formula {
  return atom({ test: 'within', set: names.SCOPES, members: scopes.map((text) => ({ text })) });
}

function asker(scope: Scope): Formula {
  const { by } = scope.side.flow.definition.request;
  if ('kinds' in by) return oneOf(names.identityAttribute('kind'), by.kinds);
  return or(
    ...scope.proofs.map((proof) =>
      and(scope.accepted(proof), flag(names.evidenceMember(names.slotOf(proof), by.from))),
    ),
  );
}

/** Fields are closed and typed: what this flow does not declare must be absent. */
function fieldRules(scope: Scope): readonly Rule[] {
  const declared = scope.side.flow.definition.request.fields;
  const mine = Object.entries(declared).flatMap(([name, field]) => {
    const of = names.fieldAttribute(name, field.type);
    const present = atom({ test: 'present', of });
    const id = `request.fields.${name}`;
    const sound = fieldFormula(of, field);
    return [
      ...(field.required ? [rule(id, present)] : []),
      rule(id, field.required ? sound : or(not(present), sound)),
      ...(field.inToken ? [rule(id, flag(names.beyondAttribute(name), false))] : []),
    ];
  });
  const known = new Set(Object.entries(declared).map(([name, { type }]) => names.fieldAttribute(name, type)));
  const others = scope.vocabulary
    .all()
    .filter(({ name }) => name.startsWith('request.field.') && !known.has(name))
    .map(({ name }) =>
      rule(
        `request.fields.${name.slice('request.field.'.length).replace(/:[a-z]+$/, '')}`,
        not(atom({ test: 'present', of: name })),
      ),
    );
  return [...mine, ...others];
}

function fieldFormula(of: string, field: FlowDefinition<unknown>['request']['fields'][string]): Formula {
  switch (field.type) {
    case 'string': {
      const short = atom({ test: 'length', of, atMost: field.maxLength ?? 1_000 });
      return field.oneOf === null ? short : and(short, oneOf(of, field.oneOf));
    }
    case 'set':
      return field.subsetOf === null
        ? TRUE
        : atom({ test: 'within', set: of, members: field.subsetOf.map((text) => ({ text })) });
    case 'long':
    case 'bool':
      return TRUE;
  }
}

/** What a flow that registers identities proposes has an owner and a deputy who are somebody. */
function proposalRules({ side }: Scope): readonly Rule[] {
  if (side.flow.definition.issues !== 'identity') return [];
  return [rule('identity.owner', flag(names.OWNER_KNOWN)), rule('identity.deputy', flag(names.DEPUTY_KNOWN))];
}

/** The right is the one of this identity, audience and flow; its expiry and scopes bound what is asked. */
function rightRules({ side }: Scope): readonly Rule[] {
  if (side.around.rights === null || isAct(side.flow.definition.issues)) return [];
  const rights = [...side.around.rights.values()].filter(({ flow }) => flow === side.flow.definition.name);
  const alternatives = rights.map((right) => ({ id: `right.${right.id}`, formula: rightFormula(right) }));
  return [{ ...rule('right', or(...alternatives.map(({ formula }) => formula))), alternatives }];
}

function rightFormula(right: Right): Formula {
  if (right.suspended) return FALSE;
  return and(
    oneOf(names.IDENTITY_NAME, [right.identity]),
    oneOf(names.AUDIENCE, [right.audience]),
    within(right.scopes),
    atMost(names.TTL, right.maxTtl * 1000),
    atMost(names.NOW, right.expires - 1),
  );
}

/** A minimal assurance is part of when a proof is accepted. */
function guardrailRules(scope: Scope): readonly Rule[] {
  return applicable(scope.side).flatMap(({ guardrail, when }) => {
    const id = `guardrail.${guardrail.id}`;
    const life = guardrail.maxTtl === null ? TRUE : atMost(names.TTL, guardrail.maxTtl * 1000);
    const bound = guardrail.pop === null ? TRUE : oneOf(names.BINDING, guardrail.pop);
    return [
      rule(id, or(not(when), life)),
      { stage: 'policy', id, formula: or(not(when), bound) } satisfies Rule,
    ].filter(({ formula }) => formula.op !== 'true');
  });
}
