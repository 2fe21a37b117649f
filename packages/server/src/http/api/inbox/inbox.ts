import { Type } from 'typebox';
import type { Operation } from '../operation.ts';
import { INBOX_ITEM, inboxBody } from '../shapes/inbox-item.ts';

const Inbox = Type.Object({ items: Type.Array(INBOX_ITEM) }, { $id: 'Inbox', additionalProperties: false });

export const inboxOperation: Operation = {
  id: 'getInbox',
  method: 'GET',
  path: '/inbox',
  summary: 'List what waits for you, the earliest deadline first',
  answers: { 200: { description: 'what waits', shape: Inbox } },
  problems: [],
  appends: [],
  async handle({ runs, session }) {
    const items = await runs.inbox(session);
    return { status: 200, body: { items: items.map(inboxBody) } };
  },
};
