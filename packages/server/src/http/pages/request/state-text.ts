import type { RunState } from '@writ/engine';
import { type Html, html } from '../html.ts';

const SIGNS: Readonly<Record<RunState, string>> = {
  waiting: '●',
  issued: '✓',
  refused: '✗',
  denied: '✗',
  cancelled: '–',
  expired: '–',
};

/** A state in a word; its sign and colour only repeat it. */
export function stateText(state: RunState): Html {
  return html`<span class="state ${state}"><span aria-hidden="true">${SIGNS[state]}</span> ${state}</span>`;
}
