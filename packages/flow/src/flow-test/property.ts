import type { Anchor, Hash } from '@writ/core';
import { type CompiledFlow, compileFlow } from '../artefact/compile-flow.ts';
import type { Expression } from '../condition/expression.ts';
import type { ConditionSource, FactDefinition, FlowDefinition } from '../definition/definition.ts';

/** What a property says of whatever is issued. */
export interface PropertyCondition {
  readonly expression: Expression;
  /** who is counted, by the name of the fact that stands for the count */
  readonly counts: ReadonlyMap<string, string>;
}

const COUNT = 'writ_approvals_';
/** Texts are passed over, so that nothing in one is taken for a word of properties. */
const WORDS = /"(?:[^"\\]|\\.)*"|\bapprovals\("(?<who>[^"\\]+)"\)|\bgrant\.ttl\b|\boutcome\.issued\b/g;

/**
 * The condition of a property: `outcome.issued &&` and a condition over the facts of the flow, in which `grant.ttl` is the
 * life granted and `approvals("group:…")` counts who agreed.
 */
export function readProperty(
  { definition }: CompiledFlow,
  anchors: ReadonlyMap<string, Anchor>,
  sha256: Hash,
  text: string,
): PropertyCondition | { readonly problem: string } {
  const counts = new Map<string, string>();
  const condition = text.replaceAll(WORDS, (word: string, who: string | undefined) => {
    if (who !== undefined) return `facts.${countFor(counts, who)}`;
    if (word === 'grant.ttl') return 'request.ttl';
    return word === 'outcome.issued' ? 'true' : word;
  });
  if (!/^\s*outcome\.issued\b/.test(text)) return { problem: 'a property begins with `outcome.issued`' };
  const counted = [...counts.keys()].map((name): [string, FactDefinition] => [
    name,
    { source: `approvals/${name}`, type: { type: 'long' }, maxAge: 1 },
  ]);
  const when: ConditionSource = { text: condition, at: 0, contentAt: null };
  const flow: FlowDefinition<ConditionSource> = {
    ...definition,
    facts: { ...definition.facts, ...Object.fromEntries(counted) },
    policy: { permit: [{ id: 'property', redundant: false, crossesSegments: true, when }], forbid: [] },
    approval: [],
  };
  const problems: string[] = [];
  const compiled = compileFlow(flow, anchors, sha256, (_, __, message, severity) => {
    if (severity !== 'warning') problems.push(message);
  });
  const expression = compiled?.definition.policy.permit[0]?.when.expression;
  if (expression === undefined || problems.length > 0) return { problem: problems.join('; ') };
  if (!beginsTrue(expression))
    return { problem: 'write `outcome.issued && (…)`: what stands beside `||` is not about what is issued' };
  return { expression, counts };
}

function countFor(counts: Map<string, string>, who: string): string {
  const known = [...counts].find(([, each]) => each === who)?.[0];
  const name = known ?? `${COUNT}${counts.size}`;
  counts.set(name, who);
  return name;
}

/** The first conjunct is what `outcome.issued` stands for. */
function beginsTrue(expression: Expression): boolean {
  if (expression.op === 'and') return beginsTrue(expression.left);
  return expression.op === 'value' && expression.value === true;
}
