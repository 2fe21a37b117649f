import type { Json } from '@writ/core';
import type { RunView } from '@writ/engine';
import { type Html, html } from '../html.ts';
import { jsonText } from '../json-text.ts';
import { listed } from '../table.ts';
import { leaves } from './exactly.ts';

/** Of a proposed artefact set: flow by flow, what it would let through that is refused now. */
export function ruleChanges({ change, planJson }: RunView): Html {
  if (change === null) return html``;
  const outside = textsOf(memberOf(change, 'outside'));
  const summary = memberOf(memberOf(planJson, 'fields'), 'summary');
  return html`<section aria-labelledby="rules">
<h2 id="rules">What would change in the rules</h2>
${summary === null ? null : html`<p>Its author says: ${textOf(summary)}</p>`}
${listOf(memberOf(change, 'changes')).map(flowChange)}
${
  outside.length === 0
    ? null
    : html`<h3>Outside of flows</h3>
<p>No proof covers these:</p>
${listed(outside, 'nothing')}`
}
</section>
`;
}

function flowChange(each: Json): Html {
  const witness = memberOf(each, 'witness');
  const verdict = textOf(memberOf(each, 'verdict'));
  return html`<h3>Flow <code>${textOf(memberOf(each, 'flow'))}</code> ${textOf(memberOf(each, 'change'))}: ${SAID[verdict] ?? verdict}</h3>
${listed([...textsOf(memberOf(each, 'stages')), ...textsOf(memberOf(each, 'rules'))], 'no rule is named')}
${witness === null ? null : leaves('A request that would be let through, and is not now', witness)}
`;
}

const SAID: Readonly<Record<string, string>> = {
  same: 'proved to let the same through',
  narrower: 'proved to let nothing more through',
  wider: '▲ it lets more through',
  incomparable: '▲ it lets more through, and less',
  unknown: '▲ nobody can prove that it lets nothing more through',
};

function memberOf(json: Json, name: string): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
  return Object.entries(json).find(([each]) => each === name)?.[1] ?? null;
}

function listOf(json: Json): readonly Json[] {
  return isList(json) ? json : [];
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function textsOf(json: Json): readonly string[] {
  return listOf(json).map(textOf);
}

function textOf(json: Json): string {
  return typeof json === 'string' ? json : jsonText(json);
}
