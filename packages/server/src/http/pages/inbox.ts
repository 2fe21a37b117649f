import type { InboxItem } from '@writ/engine';
import { type Html, html } from './html.ts';
import { deadline, instant } from './instant.ts';
import type { Reader, Site, View } from './site.ts';
import { table } from './table.ts';

/** What waits for the reader, the earliest deadline first. */
export async function inboxView({ edge, base }: Site, { session }: Reader): Promise<View> {
  const items = await edge.engine.runs.inbox(session);
  return {
    title: 'Inbox',
    place: 'inbox',
    command: 'writ inbox',
    modules: [],
    body: items.length === 0 ? empty(base) : waiting(base, items),
  };
}

function empty(base: string): Html {
  return html`<p>Nothing waits for you. What others ask of you will be here, the earliest deadline first. What you asked for is under <a href="${base}/runs">My requests</a>.</p>`;
}

function waiting(base: string, items: readonly InboxItem[]): Html {
  const rows = items.map((item) => [
    html`<a href="${base}/approve/${encodeURIComponent(item.run)}">${item.identity}</a>`,
    html`${ASKED[item.kind]} <code>${item.rule}</code> of <code>${item.flow}</code>`,
    item.requester === null ? 'a machine' : html`<code>${item.requester}</code>`,
    deadline(item.dueAt),
    [item.because, html`, since `, instant(item.openedAt)],
  ]);
  return table(
    'What waits for you, the earliest deadline first',
    ['Identity', 'Asked of you', 'By', 'Until', 'Why it is here'],
    rows,
  );
}

const ASKED: Readonly<Record<InboxItem['kind'], string>> = {
  approval: 'approve',
  confirmation: 'confirm',
  review: 'review',
  notice: 'read',
};
