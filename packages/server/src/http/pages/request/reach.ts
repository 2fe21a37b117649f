import type { RunView } from '@writ/engine';
import { type Html, html } from '../html.ts';
import { listed, pairs } from '../table.ts';

/** How far it would reach: compared with its like, and all in all. */
export function reach({ similar, blastRadius }: RunView): Html {
  const { audiences, scopes, environments, liveCredentials, rights } = blastRadius;
  return html`<section aria-labelledby="reach">
<h2 id="reach">Blast radius</h2>
${pairs([
  ['Audiences', listed(audiences, 'none')],
  ['Scopes', listed(scopes, 'none')],
  ['Environments', listed(environments, 'none')],
  ['Rights', listed(rights, 'no right: by itself it can be issued nothing')],
  ['Live credentials', String(liveCredentials)],
])}
<h3>Similar identities</h3>
${compared(similar)}
</section>
`;
}

function compared({ identities, beyond }: RunView['similar']): Html {
  if (identities === 0) return html`<p>Its owner has no other identity of this kind.</p>`;
  const others = identities === 1 ? 'one other identity' : `${identities} other identities`;
  return beyond.length === 0
    ? html`<p>It would hold nothing that its owner's ${others} of this kind do not hold already.</p>`
    : html`<p>Its owner has ${others} of this kind. None of them holds:</p>
${listed(beyond, 'nothing')}`;
}
