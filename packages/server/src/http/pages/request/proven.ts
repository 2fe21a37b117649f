import type { Json } from '@writ/core';
import type { RunView } from '@writ/engine';
import { type Content, type Html, html } from '../html.ts';
import { instant } from '../instant.ts';
import { jsonText } from '../json-text.ts';
import { pairs } from '../table.ts';

/** What was proven, and what sources said: neither is what somebody wrote into the request. */
export function proven({ proven: proofs, facts }: RunView): Html {
  const sources = Object.entries(facts);
  return html`<section aria-labelledby="proven">
<h2 id="proven">Proven</h2>
${proofs.length === 0 ? html`<p>The flow reads no claim of the evidence.</p>` : proofs.map(proof)}
${sources.map(source)}
</section>
`;
}

function proof({ proof: id, anchor, claims }: RunView['proven'][number]): Html {
  return html`<h3><span aria-hidden="true">✓</span> <code>${id}</code> by <code>${anchor}</code></h3>
${pairs(Object.entries(claims).map(([claim, value]) => [claim, html`<code>${value}</code>`]))}`;
}

/** For instance who owns the repository, as the code host says. */
function source([name, value]: readonly [string, Json]): Html {
  return html`<h3>Fact of <code>${name}</code></h3>
${pairs(factsOf('value', value))}`;
}

/** A value of a source, as runs keep it: records, durations and times each have a name around them. */
function factsOf(name: string, value: Json): readonly (readonly [string, Content])[] {
  const [kind, held] = wrapped(value);
  if (kind === 'record' && typeof held === 'object' && held !== null && !Array.isArray(held)) {
    return Object.entries(held).flatMap(([member, inner]) =>
      factsOf(name === 'value' ? member : `${name}.${member}`, inner ?? null),
    );
  }
  if (kind === 'datetime' && typeof held === 'number') return [[name, instant(held)]];
  if (kind === 'duration' && typeof held === 'number') return [[name, `${held / 1000} s`]];
  if (kind === 'decimal' && typeof held === 'string') return [[name, String(Number(held) / 10_000)]];
  return [[name, html`<code>${typeof value === 'string' ? value : jsonText(value)}</code>`]];
}

function wrapped(value: Json): readonly [string, Json] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['', null];
  const [[kind, held] = ['', null], ...more] = Object.entries(value);
  return more.length === 0 ? [kind, held ?? null] : ['', null];
}
