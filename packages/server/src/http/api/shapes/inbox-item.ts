import { formatInstant } from '@writ/core';
import type { InboxItem } from '@writ/engine';
import { type Static, type TSchema, Type } from 'typebox';
import { nullable, time } from './text.ts';

const Item = Type.Object(
  {
    run: Type.String(),
    rule: Type.String(),
    kind: Type.Enum(['approval', 'confirmation', 'review', 'notice']),
    identity: Type.String(),
    flow: Type.String(),
    requester: nullable(Type.String()),
    assignee: Type.String(),
    openedAt: time('since when it waits'),
    dueAt: nullable(time('until when it can be decided')),
    because: Type.String({ description: 'why it is in this list' }),
  },
  { $id: 'InboxItem', additionalProperties: false },
);

/** What waits for a person. */
export const INBOX_ITEM: TSchema = Item;

export function inboxBody({ openedAt, dueAt, ...rest }: InboxItem): object {
  const { run, rule, kind, identity, flow, requester, assignee, because } = rest;
  const body: Static<typeof Item> = {
    run,
    rule,
    kind,
    identity,
    flow,
    requester,
    assignee,
    openedAt: formatInstant(openedAt),
    dueAt: dueAt === 0 ? null : formatInstant(dueAt),
    because,
  };
  return body;
}
