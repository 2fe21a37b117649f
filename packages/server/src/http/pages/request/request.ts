import type { RunView } from '@writ/engine';
import type { FastifyRequest } from 'fastify';
import { isSampleEvidence } from '../../../dev-people/sample-evidence.ts';
import { Problem } from '../../problem.ts';
import { type Html, html } from '../html.ts';
import type { Reader, Site, View } from '../site.ts';
import { asked } from './asked.ts';
import { changes } from './changes.ts';
import { controls } from './controls.ts';
import { decide } from './decide.ts';
import { decision } from './decision.ts';
import { exactly } from './exactly.ts';
import { proven } from './proven.ts';
import { reach } from './reach.ts';
import { ruleChanges } from './rule-changes.ts';
import { standing } from './standing.ts';
import { timeline } from './timeline.ts';

/** Everything about one run, and what the reader can do about it. @throws Problem `unknown` also for a run of others */
export async function requestView(
  { edge }: Site,
  { session }: Reader,
  request: FastifyRequest,
): Promise<View> {
  const view = await edge.engine.runs.find(session, runOf(request));
  if (view === null) throw new Problem('unknown');
  return {
    title: view.change === null ? `Request for ${view.identity}` : 'Change of the rules',
    place: null,
    command: `writ run show ${view.run}`,
    modules: ['request.js'],
    body: requestBody(view, session.person, isSampleEvidence(session.evidence)),
  };
}

/** `sample`: whether the reader signs by the software authenticator of `writ dev`. */
export function requestBody(view: RunView, person: string, sample: boolean): Html {
  return html`${[
    standing(view),
    html`<div class="panels">\n${[asked(view), proven(view), decision(view)]}</div>\n`,
    ...(view.change === null ? [changes(view), reach(view)] : [ruleChanges(view)]),
    controls(view),
    timeline(view),
    exactly(view),
    decide(view, { person, sample }),
  ]}`;
}

function runOf({ params }: FastifyRequest): string {
  const run: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, 'run') : null;
  return typeof run === 'string' ? run : '';
}
