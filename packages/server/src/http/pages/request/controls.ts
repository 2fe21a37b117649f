import type { RunView } from '@writ/engine';
import type { ControlResult } from '@writ/flow';
import { type Content, type Html, html } from '../html.ts';
import { table } from '../table.ts';

const WORDS: Readonly<Record<ControlResult['outcome'], string>> = {
  fail: '✗ fails',
  pass: '✓ passes',
  'not-applicable': '– does not apply',
};

/** What each control of each policy pack says of it, failures first. */
export function controls({ controls: all }: RunView): Html {
  const packs = [...new Set(all.map(({ pack }) => pack))];
  return html`<section aria-labelledby="controls">
<h2 id="controls">Controls</h2>
${packs.length === 0 ? html`<p>No policy pack is in force.</p>` : null}
${packs.map((pack) =>
  results(
    pack,
    all.filter((each) => each.pack === pack),
  ),
)}
</section>
`;
}

function results(pack: string, all: readonly ControlResult[]): Html {
  const order: readonly ControlResult['outcome'][] = ['fail', 'pass', 'not-applicable'];
  const rows = order.flatMap((outcome) => all.filter((each) => each.outcome === outcome)).map(result);
  const failing = all.filter(({ outcome }) => outcome === 'fail').length;
  const told = failing === 0 ? 'none fails' : `${failing} of ${all.length} fail`;
  return table(`${pack}: ${told}`, ['Control', 'Outcome', 'Because'], rows);
}

function result({ control, aliases, title, outcome, because }: ControlResult): readonly Content[] {
  const also = aliases.length === 0 ? '' : ` (${aliases.join(', ')})`;
  return [
    html`<code>${control}</code>${also} ${title}`,
    html`<span class="outcome ${outcome}">${WORDS[outcome]}</span>`,
    because,
  ];
}
