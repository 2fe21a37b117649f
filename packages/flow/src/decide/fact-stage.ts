import { conforms } from '@writ/core';
import { type Check, reason } from './context.ts';

/** Every declared fact is there, fresh and of its type, whether or not `&&` would have reached it. */
export const factStage: Check = ({ flow, facts, now }) =>
  Object.entries(flow.definition.facts).flatMap(([name, { source, type, maxAge }]) => {
    const observed = Object.hasOwn(facts.sources, source) ? facts.sources[source] : undefined;
    const rule = `facts.${name}`;
    const help = `look at the fact source ${source}`;
    if (observed === undefined) return [reason('policy', rule, `the fact \`${name}\` is absent`, { help })];
    if (!(now - observed.observedAt <= maxAge * 1000))
      return [reason('policy', rule, `the fact \`${name}\` is too old`, { help })];
    if (conforms(observed.value, type)) return [];
    return [reason('policy', rule, `the fact \`${name}\` is not of its declared type`, { help })];
  });
