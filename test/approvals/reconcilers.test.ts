import { type Commit, runCell, timerCell, type WebhookEvent } from '@writ/core';
import type { Engine, Ports, Sent } from '@writ/engine';
import {
  askedIdentity,
  createDice,
  type EngineHouse,
  openEngineHouse,
  type SignedInPerson,
  signedInPerson,
} from '@writ/testkit';
import { describe, expect, test } from 'vitest';

/** Runs that wait, and processes that do what is due. */
const RUNS = 24;
const REPLICAS = 4;
/** Seconds: a claim holds for a minute. */
const LEASE_OVER = 61;
const HOUR = 3_600;

interface Delivery {
  readonly id: string;
  readonly event: WebhookEvent;
}

interface Place {
  readonly house: EngineHouse;
  readonly engines: readonly Engine[];
  /** everything that the endpoint was sent, as often as it was */
  readonly deliveries: Delivery[];
  /** who committed what, and won */
  readonly won: Commit[];
  /** what happens to an event on its way from now on */
  sending(how: (delivery: Delivery) => Promise<Sent>): void;
}

const OK: Sent = { ok: true };

/** A house of several processes over one store, and one endpoint that wants to be told of everything. */
async function open(replicas = REPLICAS): Promise<Place> {
  const deliveries: Delivery[] = [];
  const won: Commit[] = [];
  let how: (delivery: Delivery) => Promise<Sent> = async () => OK;
  const adapt = (ports: Ports): Ports => ({
    ...ports,
    webhooks: {
      subscribers: () => ['audit'],
      send: async (_endpoint, id, event) => {
        deliveries.push({ id, event });
        return how({ id, event });
      },
    },
    store: {
      ...ports.store,
      commit: async (commit) => {
        const result = await ports.store.commit(commit);
        if (result.outcome === 'committed') won.push(commit);
        return result;
      },
    },
  });
  const house = await openEngineHouse({ dev: true, adapt });
  const engines = [house.engine];
  for (let i = 1; i < replicas; i++) engines.push(await house.replica(`replica ${i}`));
  return {
    house,
    engines,
    deliveries,
    won,
    sending: (next) => {
      how = next;
    },
  };
}

async function ask(rui: SignedInPerson, { house }: Place, name: string): Promise<string> {
  const answer = await house.engine.runs.ask(rui.session, askedIdentity({ name }));
  if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
  return answer.run.run;
}

/** All look for what is due at the same time, until none finds any more. */
async function reconciled({ engines }: Place): Promise<void> {
  const ticks = async (): Promise<number> => {
    const done = await Promise.all(engines.map(async ({ reconciler }) => reconciler.tick()));
    return Math.max(...done);
  };
  while ((await ticks()) > 0);
}

const isCell = (commit: Commit, cell: string, value: string): boolean =>
  commit.write.some((write) => write.kind === 'cell' && write.cell === cell && write.value === value);

/** Whether it comes after a claim: it expects the timer to be claimed, or the run to wait, and appends nothing. */
const finishes = (commit: Commit): boolean =>
  commit.append === null && commit.write.length > 2 && commit.expect.length > 0;

/** The process dies now and then: before what it did is written down, or before it hears that it was. */
function crashing({ house, won }: Place, seed: string): { count: number } {
  const dice = createDice(seed);
  const crashes = { count: 0 };
  house.intercept(async (commit) => {
    if (!finishes(commit) || dice(3) > 0) return undefined;
    crashes.count += 1;
    if (dice(2) === 0 && (await house.house.store.commit(commit)).outcome === 'committed') won.push(commit);
    throw new Error('the process died');
  });
  return crashes;
}

const toldOf = (deliveries: readonly Delivery[], type: WebhookEvent['type'], run: string): Delivery[] =>
  deliveries.filter(({ event }) => event.type === type && 'run' in event.data && event.data.run === run);

describe('several reconcilers at once', () => {
  test('law 13 whatever dies between a claim and its end: each effect happens, and a run expires once', async () => {
    const place = await open();
    const { house, deliveries, won } = place;
    const rui = await signedInPerson(house, 'user:rui');
    const runs: string[] = [];
    for (let i = 0; i < RUNS; i++) runs.push(await ask(rui, place, `svc-${i}`));
    const crashes = crashing(place, 'reconcilers');
    // The reminder is due after 36 hours, the escalation after 64.8, the end after 72.
    for (const hours of [0, 36, 29, 7.3]) {
      house.clock.advance(hours * HOUR);
      for (let lease = 0; lease < 12; lease++) {
        await reconciled(place);
        house.clock.advance(LEASE_OVER);
      }
    }
    house.intercept(null);
    expect(crashes.count).toBeGreaterThan(RUNS);
    for (const run of runs) {
      expect((await house.house.store.read.row('runs', run))?.state).toBe('expired');
      expect(won.filter((commit) => isCell(commit, runCell(run), 'expired'))).toHaveLength(1);
      const told = (['run.waiting', 'run.reminder', 'run.escalated', 'run.expired'] as const).map((type) => {
        const sent = toldOf(deliveries, type, run);
        return { type, sent: sent.length > 0, ids: new Set(sent.map(({ id }) => id)).size };
      });
      expect(told).toEqual(told.map(({ type }) => ({ type, sent: true, ids: 1 })));
    }
    // Nothing is left to do, and nothing that is told again is told under another id.
    const due = await house.house.store.read.rows('timers', {
      column: 'due_at',
      from: 1,
      below: house.clock.now(),
      limit: 10,
    });
    expect(due).toEqual([]);
    expect(new Set(deliveries.map(({ id }) => id)).size).toBe(
      new Set(deliveries.map(({ event }) => JSON.stringify(event))).size,
    );
    expect(deliveries.length).toBeGreaterThan(4 * RUNS);
    await house.close();
  });

  test('law 13 without a death each event is sent once, however many look', async () => {
    const place = await open();
    const rui = await signedInPerson(place.house, 'user:rui');
    for (let i = 0; i < RUNS; i++) await ask(rui, place, `svc-${i}`);
    await reconciled(place);
    place.house.clock.advance(73 * HOUR);
    await reconciled(place);
    const ids = place.deliveries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    await place.house.close();
  });

  test('law 13 what is done after the claim was lost does not count', async () => {
    const place = await open(2);
    const { house, deliveries } = place;
    const [one, two] = place.engines;
    const rui = await signedInPerson(house, 'user:rui');
    await ask(rui, place, 'svc-slow');
    const slow = Promise.withResolvers<Sent>();
    const ofRun = (): Delivery[] => deliveries.filter(({ event }) => event.type === 'run.waiting');
    place.sending(async ({ event }) =>
      event.type === 'run.waiting' && ofRun().length === 1 ? slow.promise : OK,
    );
    const stuck = one?.reconciler.tick();
    await expect.poll(() => ofRun().length).toBe(1);
    house.clock.advance(LEASE_OVER);
    await two?.reconciler.tick();
    const [first] = ofRun();
    expect(ofRun()).toEqual([first, first]);
    const id = `webhook/audit/${first?.id}`;
    const after = await house.house.store.read.row('timers', id);
    expect(after).toMatchObject({ state: 'done', due_at: 0 });
    // The first comes back, and would have it sent again.
    slow.resolve({ ok: false, retry: true, reason: 'it took too long' });
    await stuck;
    expect(await house.house.store.read.row('timers', id)).toEqual(after);
    await house.close();
  });

  test('law 13 an approval whose process died is gone on with, also where another had just looked without seeing it', async () => {
    const place = await open(2);
    const { house, engines } = place;
    const [, two] = engines;
    const rui = await signedInPerson(house, 'user:rui');
    const mei = await signedInPerson(house, 'user:mei');
    const run = await ask(rui, place, 'svc-late');
    // One process has decided that the run still waits, and is about to set the timer to the reminder;
    const decided = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const timer = timerCell(`run/${run}`);
    const sets = ({ write }: Commit): boolean =>
      write.some((each) => each.kind === 'cell' && each.cell === timer);
    const [row] = await house.house.store.read.rows('timers', { column: 'about', equals: run, limit: 1 });
    await house.house.store.commit({
      expect: [],
      consume: [],
      append: null,
      write:
        row === undefined
          ? []
          : [
              { kind: 'cell', cell: timer, value: JSON.stringify([0, house.clock.now()]) },
              {
                kind: 'row',
                table: 'timers',
                row: {
                  id: row.id,
                  kind: 'run',
                  about: run,
                  due_at: house.clock.now(),
                  attempt: 0,
                  state: 'due',
                  body: 'progress',
                },
              },
            ],
    });
    let commits = 0;
    house.intercept(async (commit) => {
      // The claim is the first; what it sets the timer to when it has decided, the second.
      if (!sets(commit)) return undefined;
      commits += 1;
      if (commits !== 2) return undefined;
      decided.resolve();
      await goOn.promise;
      return undefined;
    });
    const looked = two?.reconciler.tick();
    await decided.promise;
    // then Mei approves, and the process that took it dies before it goes on.
    house.intercept(async (commit) => {
      if (commit.append?.type === 'identity') throw new Error('the process died');
      return undefined;
    });
    await mei.approve(run, 'owner-accepts');
    goOn.resolve();
    await looked;
    house.intercept(null);
    house.clock.advance(6);
    await two?.reconciler.tick();
    expect(await house.engine.identity('svc-late')).not.toBeNull();
    await house.close();
  });

  test('a build whose claims claim nothing is found out: what is due is done by everybody', async () => {
    const place = await open();
    const rui = await signedInPerson(place.house, 'user:rui');
    const run = await ask(rui, place, 'svc-one');
    place.house.clock.advance(73 * HOUR);
    place.house.intercept(async (commit) => place.house.house.store.commit({ ...commit, expect: [] }));
    await reconciled(place);
    expect(place.won.filter((commit) => isCell(commit, runCell(run), 'expired')).length).toBeGreaterThan(0);
    const ids = place.deliveries.map(({ id }) => id);
    expect(new Set(ids).size).toBeLessThan(ids.length);
    await place.house[Symbol.asyncDispose]();
  });
});
