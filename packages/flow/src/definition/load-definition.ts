import { IDENTITY_KINDS } from '@writ/core';
import { describe, type Node } from '../document/node.ts';
import {
  choice,
  dictionary,
  duration,
  flag,
  formed,
  list,
  object,
  optional,
  placed,
  type Report,
  refine,
  required,
  type Shape,
  text,
  whole,
} from '../document/shape.ts';
import { CHANGE_FACT, CHANGE_FIELDS } from './change-fact.ts';
import {
  ACTS,
  type ApprovalRule,
  type ConditionSource,
  CREDENTIAL_KINDS,
  type FlowDefinition,
  type ForbidRule,
  type PermitRule,
  type RequestDefinition,
} from './definition.ts';
import { fact } from './fact.ts';
import { field } from './field.ts';
import { activate, bind, deliver, generate, lifecycle } from './later-stages.ts';
import { group, NAME, name, owner, resource, scope } from './names.ts';
import { proofStage } from './proof-stage.ts';

const condition: Shape<ConditionSource> = refine(placed, (node) => ({
  text: String(node.value),
  at: node.at,
  contentAt: node.contentAt,
}));

/** Rules of one list must have different ids: an id is what a decision and a test name. */
export function distinct<T extends { readonly id: string }>(shape: Shape<readonly T[]>): Shape<readonly T[]> {
  return refine(shape, (items, node, report) => {
    const seen = new Set<string>();
    for (const { id } of items) {
      if (seen.has(id)) report(node.at, `the id \`${id}\` stands here twice`);
      seen.add(id);
    }
    return items;
  });
}

const by: Shape<RequestDefinition['by']> = (node, report) => {
  const kinds = object({ kinds: required(list(choice(IDENTITY_KINDS))) });
  const from = object({ from: required(group) });
  const people = node.kind === 'map' && node.entries.some(({ key }) => key === 'from');
  return people ? from(node, report) : kinds(node, report);
};

const request: Shape<RequestDefinition> = refine(
  object({
    by: required(by),
    audience: required(object({ 'one-of': required(list(resource)) })),
    scopes: required(object({ 'subset-of': required(list(scope)) })),
    ttl: required(object({ max: required(duration), default: optional(duration, null) })),
    fields: optional(dictionary(NAME, field), {}),
  }),
  (value, node, report) => {
    if (value.ttl.default !== null && value.ttl.default > value.ttl.max)
      report(node.at, '`ttl.default` is over `ttl.max`');
    for (const reserved of ['audience', 'scopes', 'ttl', 'type']) {
      if (Object.hasOwn(value.fields, reserved))
        report(node.at, `\`${reserved}\` cannot be the name of a field`);
    }
    return {
      by: value.by,
      audience: value.audience['one-of'],
      scopes: value.scopes['subset-of'],
      ttl: { max: value.ttl.max, default: value.ttl.default ?? value.ttl.max },
      fields: value.fields,
    };
  },
);

/** What an author says of a rule: that it repeats another on purpose, and that the `*` of its `like` is meant to cross `/`. */
const said = { redundant: optional(choice(['intended']), null), 'crosses-segments': optional(flag, false) };

const permit: Shape<PermitRule<ConditionSource>> = refine(
  object({ id: required(name), ...said, when: required(condition) }),
  ({ redundant, 'crosses-segments': crossesSegments, ...rule }) => ({
    ...rule,
    redundant: redundant !== null,
    crossesSegments,
  }),
);

const forbid: Shape<ForbidRule<ConditionSource>> = refine(
  object({ id: required(name), because: required(text), ...said, when: required(condition) }),
  ({ redundant, 'crosses-segments': crossesSegments, ...rule }) => ({
    ...rule,
    redundant: redundant !== null,
    crossesSegments,
  }),
);

const EXCLUDABLE = ['requester', 'owner', 'actor', 'author'] as const;

/** `[requester, owner]`, or `none` said aloud. Left out, the requester is excluded. */
const not: Shape<readonly string[]> = (node, report) => {
  if (node.kind === 'scalar' && node.value === 'none') return [];
  return list(choice(EXCLUDABLE))(node, report);
};

const reuse: Shape<ApprovalRule<never>['reuse']> = (node: Node, report: Report) => {
  if (node.kind === 'scalar' && node.value === 'none') return 'none';
  if (node.kind === 'map')
    return object({ until: required(choice(['identity.revision-changes'])) })(node, report);
  report(node.at, `expected \`none\` or \`{ until: identity.revision-changes }\`, found ${describe(node)}`);
  return undefined;
};

const path = formed(
  /^(?:(?:request|identity)\.[a-z][a-z0-9_-]*|expiry)$/,
  'a path such as `request.scopes`, or `expiry`',
);
export const shows: Shape<readonly string[]> = list(path);

const approval: Shape<ApprovalRule<ConditionSource>> = refine(
  object({
    id: required(name),
    'crosses-segments': said['crosses-segments'],
    when: required(condition),
    require: required(
      object({
        from: required(
          formed(
            /^(?:group:[a-z0-9][a-z0-9._-]*|owner|proof:[a-z][a-z0-9_-]*)$/,
            '`group:…`, `owner` or `proof:…`',
          ),
        ),
        count: optional(whole(1, 100), 1),
        factor: optional(choice(['webauthn']), null),
        not: optional(not, ['requester']),
      }),
    ),
    shows: optional(shows, []),
    expires: required(duration),
    reuse: required(reuse),
  }),
  ({ 'crosses-segments': crossesSegments, ...rule }) => ({ ...rule, crossesSegments }),
);

/** The shape of one flow file (`writ: flow/v1`). */
export const flowShape: Shape<FlowDefinition<ConditionSource>> = refine(
  object({
    writ: required(choice(['flow/v1'])),
    flow: required(name),
    version: required(whole(1, 1_000_000_000)),
    owner: required(owner),
    summary: required(text),
    issues: required(choice([...CREDENTIAL_KINDS, ...ACTS])),
    tier: required(choice([0, 1, 2, 3])),
    unattended: optional(text, null),
    request: required(request),
    facts: optional(dictionary(/^[a-z][a-z0-9_]*$/, fact), {}),
    proof: required(proofStage),
    policy: required(
      object({ permit: required(distinct(list(permit))), forbid: required(distinct(list(forbid))) }),
    ),
    approval: required(distinct(list(approval))),
    generate: required(generate),
    bind: required(bind),
    deliver: required(deliver),
    activate: required(activate),
    lifecycle: required(lifecycle),
  }),
  (value, node, report) => {
    if (value.generate.kind !== value.issues) {
      report(node.at, `\`generate\` makes ${value.generate.kind}, but the flow issues ${value.issues}`);
    }
    const { writ: _kind, flow: flowName, ...rest } = value;
    if (value.issues !== 'change') return { name: flowName, ...rest };
    if (Object.hasOwn(value.facts, 'change'))
      report(node.at, '`facts.change` is there without being declared');
    for (const needed of CHANGE_FIELDS) {
      const declared = Object.hasOwn(value.request.fields, needed) ? value.request.fields[needed] : undefined;
      if (declared?.type !== 'string' || !declared.required)
        report(node.at, `a flow for changes needs the field \`${needed}: { type: string, required: true }\``);
    }
    return { name: flowName, ...rest, facts: { ...rest.facts, change: CHANGE_FACT } };
  },
);
