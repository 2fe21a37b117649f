import type { RunSummary } from '@writ/engine';
import type { FastifyRequest } from 'fastify';
import { cursorOf, readPage } from '../api/cursor.ts';
import { type Html, html } from './html.ts';
import { deadline, instant } from './instant.ts';
import { stateText } from './request/state-text.ts';
import type { Reader, Site, View } from './site.ts';
import { table } from './table.ts';

/** Runs that the reader asked for, a page at a time. @throws Problem `invalid` for a query that is none of ours */
export async function myRunsView(
  { edge, base }: Site,
  reader: Reader,
  request: FastifyRequest,
): Promise<View> {
  const { after, limit } = readPage(request.query);
  const runs = await edge.engine.runs.mine(reader.session, { after, limit });
  const last = runs.length < limit ? undefined : runs.at(-1);
  return {
    title: 'My requests',
    place: 'runs',
    command: 'writ run list',
    modules: [],
    body: html`${runs.length === 0 ? empty(after !== null) : asked(base, runs)}
${last === undefined ? null : html`<p><a href="${base}/runs?after=${cursorOf(last.run)}">Next page</a></p>`}`,
  };
}

function empty(later: boolean): Html {
  return later
    ? html`<p>There is no more.</p>`
    : html`<p>You have asked for nothing yet. <code>writ request --help</code> says how to.</p>`;
}

function asked(base: string, runs: readonly RunSummary[]): Html {
  const rows = runs.map(({ run, identity, flow, state, openedAt, dueAt }) => [
    html`<a href="${base}/approve/${encodeURIComponent(run)}">${identity}</a>`,
    html`<code>${flow}</code>`,
    stateText(state),
    instant(openedAt),
    deadline(dueAt),
  ]);
  return table('What you asked for', ['Identity', 'Flow', 'State', 'Asked', 'Waits until'], rows);
}
