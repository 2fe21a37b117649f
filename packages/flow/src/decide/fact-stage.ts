import { conforms } from '@writ/core';
import type { CompiledFlow } from '../artefact/compile-flow.ts';
import type { FactDefinition } from '../definition/definition.ts';
import { type Check, reason } from './context.ts';

/** Every fact that some rule names is there, fresh and of its type, whether or not `&&` would have reached it. */
export const factStage: Check = ({ flow, facts, now }) =>
  factsRead(flow).flatMap(({ name, source, type, maxAge }) => {
    const observed = Object.hasOwn(facts.sources, source) ? facts.sources[source] : undefined;
    const rule = `facts.${name}`;
    const help = `look at the fact source ${source}`;
    if (observed === undefined) return [reason('policy', rule, `the fact \`${name}\` is absent`, { help })];
    if (!(now - observed.observedAt <= maxAge * 1000))
      return [reason('policy', rule, `the fact \`${name}\` is too old`, { help })];
    if (conforms(observed.value, type)) return [];
    return [reason('policy', rule, `the fact \`${name}\` is not of its declared type`, { help })];
  });

type NamedFact = FactDefinition & { readonly name: string };

/** By flow: every decision asks. */
const read = new WeakMap<CompiledFlow, readonly NamedFact[]>();

/** The declared facts that a condition, a match or a parameter of the flow names: nobody is asked for the others. */
export function factsRead(flow: CompiledFlow): readonly NamedFact[] {
  const known = read.get(flow);
  if (known !== undefined) return known;
  const named = Object.entries(flow.definition.facts)
    .filter(([name]) =>
      flow.reads.some((path) => path === `facts.${name}` || path.startsWith(`facts.${name}.`)),
    )
    .map(([name, fact]) => ({ name, ...fact }));
  read.set(flow, named);
  return named;
}
