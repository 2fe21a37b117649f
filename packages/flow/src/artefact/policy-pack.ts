import { IDENTITY_KINDS, type IdentityKind } from '@writ/core';
import { ACTS, CREDENTIAL_KINDS, type Issues } from '../definition/definition.ts';
import { distinct } from '../definition/load-definition.ts';
import { name } from '../definition/names.ts';
import { describe, member, type Node } from '../document/node.ts';
import {
  choice,
  flag,
  formed,
  list,
  nearest,
  object,
  optional,
  type Report,
  refine,
  required,
  type Shape,
  text,
} from '../document/shape.ts';
import { CHECK_NAMES, type CheckName, CONTROL_CHECKS } from './control-check.ts';

/** Controls of a framework, each held against every request (`writ: policy-pack/v1`). */
export interface PolicyPack {
  readonly pack: string;
  /** of the framework, as its publisher calls it */
  readonly version: string;
  readonly title: string;
  readonly controls: readonly Control[];
}

/** A control of a pack. A null list applies to all. */
export interface Control {
  /** as the framework writes it: `PR.AA-01`, `NHI8:2025` */
  readonly id: string;
  /** other names that people know it by */
  readonly aliases: readonly string[];
  readonly title: string;
  /** a request that fails it is refused */
  readonly enforce: boolean;
  readonly issues: readonly Issues[] | null;
  readonly tiers: readonly number[] | null;
  readonly kinds: readonly IdentityKind[] | null;
  readonly checks: readonly ControlCheck[];
}

export interface ControlCheck {
  readonly check: CheckName;
  /** what it is held to; null where it has nothing to be held to */
  readonly bound: number | null;
}

const controlId = formed(/^[A-Za-z0-9]+(?:[.:-][A-Za-z0-9]+)*$/, 'an id such as `PR.AA-01` or `NHI1:2025`');

const checkName: Shape<CheckName> = (node, report) => {
  const value = node.kind === 'scalar' ? node.value : null;
  const known = CHECK_NAMES.find((each) => each === value);
  if (known !== undefined) return known;
  const help = typeof value === 'string' ? nearest(value, CHECK_NAMES) : '';
  report(node.at, `expected the name of a check, found ${describe(node)}${help}`);
  return undefined;
};

const check: Shape<ControlCheck> = refine(
  object({ check: required(checkName), with: optional((node: Node) => node, null) }),
  ({ check: named, with: given }, node, report) => {
    const bound = boundOf(named, given, node, report);
    return bound === undefined ? undefined : { check: named, bound };
  },
);

function boundOf(
  named: CheckName,
  given: Node | null,
  node: Node,
  report: Report,
): number | null | undefined {
  const { bound } = CONTROL_CHECKS[named];
  if (bound === null) {
    if (given === null) return null;
    report(given.at, `\`${named}\` takes no \`with\``);
    return undefined;
  }
  if (given === null) {
    report(node.at, `\`${named}\` needs \`with: { ${bound.name}: … }\``);
    return undefined;
  }
  const known = object({ [bound.name]: required(bound.shape) })(given, report);
  return known?.[bound.name];
}

const control: Shape<Control> = refine(
  object({
    id: required(controlId),
    aliases: optional(list(controlId), []),
    title: required(text),
    enforce: optional(flag, false),
    issues: optional(list(choice([...CREDENTIAL_KINDS, ...ACTS])), null),
    tiers: optional(list(choice([0, 1, 2, 3])), null),
    kinds: optional(list(choice(IDENTITY_KINDS)), null),
    checks: required(list(check)),
  }),
  (value, node, report) => {
    if (value.checks.length > 0) return value;
    report(member(node, 'checks')?.at ?? node.at, 'a control that checks nothing; leave it out');
    return undefined;
  },
);

export const policyPackShape: Shape<PolicyPack> = refine(
  object({
    writ: required(choice(['policy-pack/v1'])),
    pack: required(name),
    version: required(text),
    title: required(text),
    controls: required(distinct(list(control))),
  }),
  ({ writ: _kind, ...pack }) => pack,
);
