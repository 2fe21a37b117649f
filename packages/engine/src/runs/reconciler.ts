import {
  canonicalJson,
  isWebhookEvent,
  nextAttempt,
  type Row,
  runCell,
  type StoredRow,
  timerCell,
  type WebhookEvent,
  type Write,
} from '@writ/core';
import { readIdentity } from '../stored.ts';
import { noticeDue, noticeTimer } from './identity-timer.ts';
import { notices, timerWrites } from './notices.ts';
import { closing, obligationsOf } from './obligations.ts';
import { progress, type RunParts, waitingRun } from './progress.ts';
import { nextStep, noTimer, type RunStep, runTimer } from './run-timer.ts';
import { endedRow } from './stored-run.ts';

/** Does what is due: one for every process, and several at once are safe, as each piece of work is claimed first (law 13). */
export interface Reconciler {
  /** Claims and does work that is due now, so much at most. Answers how much it did. */
  tick(): Promise<number>;
}

/** Timers that are claimed in one tick. */
const BATCH = 64;
/** Milliseconds for which a claim holds: whoever claimed is then taken to have died. */
const LEASE = 60_000;

export function createReconciler(parts: RunParts): Reconciler {
  const { ports } = parts;
  return {
    tick: async () => {
      const due = await ports.store.read.rows('timers', {
        column: 'due_at',
        from: 1,
        below: ports.now() + 1,
        limit: BATCH,
      });
      const claims = await Promise.all(due.map(async (row) => doOne(parts, row)));
      return claims.filter(Boolean).length;
    },
  };
}

/** Claims one piece of work and does it; false where somebody else has claimed it. Pieces wait neither for each other nor for a slow endpoint. */
async function doOne(parts: RunParts, row: StoredRow<'timers'>): Promise<boolean> {
  const claimed = await claim(parts, row);
  if (claimed === null) return false;
  try {
    await WORK[kindOf(claimed)](parts, claimed);
  } catch (error) {
    // The claim ends by itself, and the work is tried again.
    parts.ports.events.failed({
      what: `work on ${row.id}`,
      message: error instanceof Error ? error.message : 'unknown',
    });
  }
  return true;
}

/** A timer that this process has claimed: `is` is what its cell says while the claim holds. */
type Claimed = Row<'timers'> & { readonly is: string };

async function claim(
  { ports }: RunParts,
  { entry: _entry, ...row }: StoredRow<'timers'>,
): Promise<Claimed | null> {
  const claimed = { ...row, due_at: ports.now() + LEASE, attempt: row.attempt + 1 };
  const is = canonicalJson([claimed.attempt, claimed.due_at]);
  const result = await ports.store.commit({
    expect: [{ kind: 'cell', cell: timerCell(row.id), is: canonicalJson([row.attempt, row.due_at]) }],
    consume: [],
    append: null,
    write: [
      { kind: 'cell', cell: timerCell(row.id), value: is },
      { kind: 'row', table: 'timers', row: claimed },
    ],
  });
  return result.outcome === 'committed' ? { ...claimed, is } : null;
}

type Work = (parts: RunParts, claimed: Claimed) => Promise<void>;

const WORK: Readonly<Record<'run' | 'identity' | 'webhook', Work>> = { run, identity, webhook };

function kindOf({ kind }: Claimed): keyof typeof WORK {
  return kind === 'run' || kind === 'identity' ? kind : 'webhook';
}

/** The outcome of work counts only while its claim holds. */
async function finish(
  { ports }: RunParts,
  claimed: Claimed,
  write: readonly Write[],
  waiting: string | null = null,
): Promise<void> {
  await ports.store.commit({
    expect: [
      { kind: 'cell', cell: timerCell(claimed.id), is: claimed.is },
      ...(waiting === null ? [] : [{ kind: 'cell' as const, cell: runCell(waiting), is: 'waiting' }]),
    ],
    consume: [],
    append: null,
    write,
  });
}

async function run(parts: RunParts, claimed: Claimed): Promise<void> {
  const { ports } = parts;
  const found = await parts.runs.byId(claimed.about);
  if (found === null) return;
  const step = STEPS.find((each) => each === claimed.body) ?? 'expire';
  const now = ports.now();
  const waiting = await waitingRun(parts, found.id);
  if (waiting === null) {
    if (found.row.state !== 'waiting') return finish(parts, claimed, noTimer(found));
    const { id, flow, identity: name } = found.row;
    const expired: WebhookEvent = {
      type: 'run.expired',
      timestampMs: now,
      data: { run: id, flow, identity: name },
    };
    const write: readonly Write[] = [
      { kind: 'cell', cell: runCell(id), value: 'expired' },
      { kind: 'row', table: 'runs', row: endedRow(found, 'expired') },
      ...(await closing(ports, id, 'void')),
      ...noTimer(found),
      ...notices(ports, expired),
    ];
    return finish(parts, claimed, write, id);
  }
  if (step === 'progress') {
    await progress(parts, found.id);
    return;
  }
  const type = step === 'remind' ? 'run.reminder' : 'run.escalated';
  const open = (await obligationsOf(ports, found.id)).filter(
    ({ state, kind }) => state === 'open' && kind !== 'review',
  );
  const events = open.map(
    ({ rule, assignee, due_at: due }): WebhookEvent => ({
      type,
      timestampMs: now,
      data: { run: found.id, flow: found.row.flow, identity: found.row.identity, rule, assignee, due },
    }),
  );
  return finish(
    parts,
    claimed,
    [...notices(ports, ...events), ...runTimer(found, nextStep(found, now))],
    found.id,
  );
}

const STEPS: readonly RunStep[] = ['remind', 'escalate', 'expire', 'progress'];

/** Tells owner, then deputy as well, then everybody behind both that an identity ends. */
async function identity(parts: RunParts, claimed: Claimed): Promise<void> {
  const { ports } = parts;
  const row = await ports.store.read.row('identities', claimed.about);
  if (row === null) return;
  const found = readIdentity(row);
  const now = ports.now();
  const due = noticeDue(found, now);
  const told =
    due === null ? [] : due.to.some((each) => each !== 'owner') ? [found.owner, found.deputy] : [found.owner];
  const days = due?.days ?? 0;
  const expiring = told.map(
    (owner): WebhookEvent => ({
      type: 'identity.expiring',
      timestampMs: now,
      data: { identity: found.name, owner, days },
    }),
  );
  const inbox = told.map(
    (assignee): Write => ({
      kind: 'row',
      table: 'obligations',
      row: {
        id: `${found.name}/ends/${assignee}`,
        run: claimed.body,
        rule: 'ends',
        kind: 'notice',
        assignee,
        state: 'open',
        opened_at: now,
        due_at: found.expires,
        body: JSON.stringify({ identity: found.name, days }),
      },
    }),
  );
  return finish(parts, claimed, [
    ...inbox,
    ...notices(ports, ...expiring),
    ...noticeTimer(found, now, claimed.body),
  ]);
}

/** Sends an event once; what is not taken is tried again, ever more rarely, and given up in the end. */
async function webhook(parts: RunParts, claimed: Claimed): Promise<void> {
  const { ports } = parts;
  const event: unknown = JSON.parse(claimed.body);
  const sent = isWebhookEvent(event)
    ? await ports.webhooks.send(claimed.about, claimed.id.split('/').at(-1) ?? '', event)
    : ({ ok: false, retry: false, reason: 'it is no event' } as const);
  const wait = sent.ok || !sent.retry ? null : nextAttempt(claimed.attempt);
  if (!sent.ok && wait === null)
    ports.events.failed({ what: `the webhook ${claimed.about}`, message: sent.reason });
  const { id, about, body, attempt } = claimed;
  const dueAt = wait === null ? 0 : ports.now() + wait;
  return finish(
    parts,
    claimed,
    timerWrites({ id, kind: 'webhook', about, dueAt, attempt, body: wait === null ? '' : body }),
  );
}
