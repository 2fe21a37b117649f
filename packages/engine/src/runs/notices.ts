import { canonicalJson, timerCell, toHex, utf8, type WebhookEvent, type Write } from '@writ/core';
import type { Ports } from '../ports.ts';

/**
 * The rows by which what happens in a commit will be told to whoever subscribed: they are written with it, and sent by the
 * reconciler, so that nothing is told that did not happen and nothing that happened is forgotten.
 */
export function notices(
  { webhooks, sha256 }: Pick<Ports, 'webhooks' | 'sha256'>,
  ...events: readonly WebhookEvent[]
): readonly Write[] {
  return events.flatMap((event) => {
    const body = JSON.stringify(event);
    const id = `msg_${toHex(sha256(utf8(body))).slice(0, 32)}`;
    return webhooks.subscribers(event.type).flatMap((endpoint) =>
      timerWrites({
        id: `webhook/${endpoint}/${id}`,
        kind: 'webhook',
        about: endpoint,
        dueAt: event.timestampMs,
        attempt: 0,
        body,
      }),
    );
  });
}

export interface Timer {
  readonly id: string;
  readonly kind: 'run' | 'identity' | 'webhook';
  readonly about: string;
  /** milliseconds since the epoch; 0 when there is nothing more to do */
  readonly dueAt: number;
  readonly attempt: number;
  readonly body: string;
}

/** Sets a timer, or takes the place of the one of this id. */
export function timerWrites({ id, kind, about, dueAt, attempt, body }: Timer): readonly Write[] {
  const state = dueAt === 0 ? 'done' : 'due';
  return [
    { kind: 'cell', cell: timerCell(id), value: canonicalJson([attempt, dueAt]) },
    { kind: 'row', table: 'timers', row: { id, kind, about, due_at: dueAt, attempt, state, body } },
  ];
}
