import { type Assurance, IDENTITY_KINDS, type IdentityKind } from '@writ/core';
import { ACTS, CREDENTIAL_KINDS, type Issues, POPS, type Pop } from '../definition/definition.ts';
import { name, owner } from '../definition/names.ts';
import {
  choice,
  duration,
  list,
  object,
  optional,
  refine,
  required,
  type Shape,
  text,
} from '../document/shape.ts';

/** An organisation-wide bound no flow or right can exceed (`writ: guardrails/v1`). A null list applies to all. */
export interface Guardrail {
  readonly id: string;
  readonly because: string;
  readonly issues: readonly Issues[] | null;
  readonly tiers: readonly number[] | null;
  readonly kinds: readonly IdentityKind[] | null;
  /** seconds */
  readonly maxTtl: number | null;
  readonly minAssurance: Assurance | null;
  /** the only bindings allowed */
  readonly pop: readonly Pop[] | null;
}

const guardrail: Shape<Guardrail> = refine(
  object({
    id: required(name),
    because: required(text),
    issues: optional(list(choice([...CREDENTIAL_KINDS, ...ACTS])), null),
    tiers: optional(list(choice([0, 1, 2, 3])), null),
    kinds: optional(list(choice(IDENTITY_KINDS)), null),
    'max-ttl': optional(duration, null),
    'min-assurance': optional(choice([1, 2, 3]), null),
    pop: optional(list(choice(POPS)), null),
  }),
  (value, node, report) => {
    if (value['max-ttl'] === null && value['min-assurance'] === null && value.pop === null) {
      report(node.at, 'a guardrail bounds nothing without `max-ttl`, `min-assurance` or `pop`');
    }
    const { 'max-ttl': maxTtl, 'min-assurance': minAssurance, ...rest } = value;
    return { ...rest, maxTtl, minAssurance };
  },
);

const guardrails: Shape<readonly Guardrail[]> = (node, report) =>
  node.kind === 'scalar' && node.value === 'none' ? [] : list(guardrail)(node, report);

export const guardrailsShape: Shape<readonly Guardrail[]> = refine(
  object({
    writ: required(choice(['guardrails/v1'])),
    owner: required(owner),
    guardrails: required(guardrails),
  }),
  (value, node, report) => {
    const none =
      node.kind === 'map' &&
      node.entries.some(({ key, value: v }) => key === 'guardrails' && v.kind === 'scalar');
    if (value.guardrails.length === 0 && !none)
      report(node.at, 'an empty list of guardrails: write `guardrails: none`');
    return value.guardrails;
  },
);
