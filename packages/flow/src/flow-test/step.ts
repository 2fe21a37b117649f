import { parseFreezeScope } from '@writ/core';
import { name, person } from '../definition/names.ts';
import { member, type Node } from '../document/node.ts';
import {
  choice,
  duration,
  formed,
  list,
  object,
  optional,
  type Report,
  refine,
  required,
  type Shape,
} from '../document/shape.ts';
import { expectation } from './expectation.ts';
import type { Act, Step } from './flow-test.ts';
import { paths, values } from './given.ts';

const group = formed(/^group:[a-z0-9][a-z0-9._-]*$/, '`group:…`');
const pause = optional(choice(['generate']), null);

const approve: Shape<Act> = refine(
  object({
    rule: required(name),
    by: required(person),
    as: optional(group, null),
    factor: optional(name, 'webauthn'),
    'pause-before': pause,
  }),
  ({ 'pause-before': pauseBefore, ...act }) => ({ kind: 'approve', ...act, pauseBefore }),
);

const confirm: Shape<Act> = refine(
  object({ by: required(person), 'pause-before': pause }),
  ({ by, 'pause-before': pauseBefore }) => ({ kind: 'confirm', by, pauseBefore }),
);

const deny: Shape<Act> = refine(object({ rule: required(name), by: required(person) }), (act) => ({
  kind: 'deny',
  ...act,
}));

/** Values by path, and under `without` what is taken away. */
const mutate: Shape<Act> = (node, report) => {
  if (node.kind !== 'map') {
    report(node.at, 'expected a map of paths and values');
    return undefined;
  }
  const rest: Node = { ...node, entries: node.entries.filter(({ key }) => key !== 'without') };
  const away = member(node, 'without');
  const without = away === undefined ? [] : list(paths)(away, report);
  const set = values(rest, report);
  return set === undefined || without === undefined ? undefined : { kind: 'mutate', with: set, without };
};

const advance: Shape<Act> = refine(duration, (seconds) => ({ kind: 'advance', seconds }));

const event: Shape<Act> = refine(
  formed(/^freeze \S{1,520}$/, '`freeze <scope>`, such as `freeze identity:svc-payments`'),
  (value, node, report) => {
    const scope = value.slice('freeze '.length);
    if (parseFreezeScope(scope) === null) report(node.at, `\`${scope}\` is nothing that can be frozen`);
    return { kind: 'freeze', scope };
  },
);

const ACTS: Readonly<Record<string, Shape<Act>>> = { approve, confirm, deny, mutate, advance, event };

/** At most one thing that happens, and what is expected of the answer after it. */
export function stepAt(lineOf: (at: number) => number): Shape<Step> {
  return (node, report) => {
    if (node.kind !== 'map') {
      report(node.at, `expected a step: one of ${Object.keys(ACTS).join(', ')}, with what is expected`);
      return undefined;
    }
    const acts = node.entries.filter(({ key }) => key !== 'expect');
    const [first, second] = acts;
    if (second !== undefined) report(second.keyAt, 'one thing happens in a step; begin another step');
    const expected = member(node, 'expect');
    if (first === undefined && expected === undefined) report(node.at, 'nothing happens in this step');
    const act = first === undefined ? null : actOf(first, report);
    const expect = expected === undefined ? null : expectation(expected, report);
    return act === undefined || expect === undefined || second !== undefined
      ? undefined
      : { line: lineOf(node.at), act, expect };
  };
}

function actOf(entry: { key: string; keyAt: number; value: Node }, report: Report): Act | undefined {
  const shape = Object.hasOwn(ACTS, entry.key) ? ACTS[entry.key] : undefined;
  if (shape !== undefined) return shape(entry.value, report);
  report(entry.keyAt, `unknown step \`${entry.key}\`; expected ${Object.keys(ACTS).join(', ')} or expect`);
  return undefined;
}
