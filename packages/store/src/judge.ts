import type { Commit, Consume, Expect, Loss } from '@writ/core';
import { type CredentialLife, counts } from './live-credential.ts';

/** A key that was spent, by whom, and until when (milliseconds since the epoch) that must be remembered. */
export interface Consumed {
  readonly holder: string | null;
  readonly until: number;
}

/** Winners counted in one window, which ends at `until` (milliseconds since the epoch). */
export interface Counter {
  readonly count: number;
  readonly until: number;
}

/** What was read under the lock: the answer to `Wanted`. What a map lacks is not there. */
export interface Loaded {
  readonly cells: ReadonlyMap<string, string>;
  readonly consumed: ReadonlyMap<string, Consumed>;
  readonly counters: ReadonlyMap<string, Counter>;
  /** by right: expiries of live credentials, the latest first, as many as were wanted */
  readonly live: ReadonlyMap<string, readonly number[]>;
  readonly credentials: ReadonlyMap<string, CredentialLife>;
}

/** What the winners so far changed of it. */
export interface Changed {
  readonly cells: ReadonlyMap<string, string>;
  readonly consumed: ReadonlyMap<string, Consumed>;
  readonly counters: ReadonlyMap<string, Counter>;
}

/** Decides commits one after another, each against what was loaded and what the winners before it changed. */
export interface Judge {
  /** Why the commit loses, or null: then it has won, and those after it are compared with what it leaves. */
  judge(commit: Commit): Loss | null;
  readonly changed: Changed;
}

/** `now` (milliseconds since the epoch) says which windows are over. */
export function createJudge(loaded: Loaded, now: number): Judge {
  const cells = new Map<string, string>();
  const consumed = new Map<string, Consumed>();
  const counters = new Map<string, Counter>();
  const live = createLiveCounts(loaded);

  return {
    changed: { cells, consumed, counters },
    judge(commit) {
      // A commit may name a key or counter twice; its own spending counts against itself before it counts at all.
      const spent = new Map<string, Consumed>();
      const counted = new Map<string, Counter>();
      for (const expect of commit.expect) {
        const loss = failed(expect, counted);
        if (loss !== null) return loss;
      }
      for (const consume of commit.consume) {
        const before =
          spent.get(consume.key) ?? consumed.get(consume.key) ?? loaded.consumed.get(consume.key);
        if (before !== undefined && !isSameHolder(before, consume))
          return { kind: 'consumed', key: consume.key };
        const until = Math.max(before?.until ?? consume.until, consume.until);
        spent.set(consume.key, { holder: consume.holder, until });
      }
      for (const [key, value] of spent) consumed.set(key, value);
      for (const [name, counter] of counted) counters.set(name, counter);
      for (const write of commit.write) {
        if (write.kind === 'cell') cells.set(write.cell, write.value);
        else if (write.table === 'credentials') {
          const { id, right_id, state, expires_at } = write.row;
          live.write(id, { right: right_id, state, expiresAt: expires_at });
        }
      }
      return null;
    },
  };

  function failed(expect: Expect, counted: Map<string, Counter>): Loss | null {
    if (expect.kind === 'cell') {
      const found = cells.get(expect.cell) ?? loaded.cells.get(expect.cell) ?? null;
      return found === expect.is ? null : { kind: 'cell', cell: expect.cell, expected: expect.is, found };
    }
    if (expect.kind === 'live') {
      const { right, limit } = expect;
      return live.reaches(right, limit, expect.now) ? { kind: 'live', right, limit } : null;
    }
    const { counter, limit } = expect;
    const before = counted.get(counter) ?? counters.get(counter) ?? loaded.counters.get(counter);
    // A window begins with its first winner and keeps that winner's end: a later `until` must not stretch it, and an
    // end that moves with every request must not empty it.
    const open = before !== undefined && before.until > now ? before : { count: 0, until: expect.until };
    if (open.count >= limit) return { kind: 'rate', counter, limit };
    counted.set(counter, { count: open.count + 1, until: open.until });
    return null;
  }
}

/** A key spent without a holder is spent for everybody; with one, for everybody else. */
function isSameHolder(before: Consumed, consume: Consume): boolean {
  return before.holder !== null && before.holder === consume.holder;
}

interface LiveCounts {
  reaches(right: string, limit: number, now: number): boolean;
  write(id: string, life: CredentialLife): void;
}

function createLiveCounts(loaded: Loaded): LiveCounts {
  const written = new Map<string, CredentialLife>();
  const expiries = new Map<string, number[]>();
  for (const [right, latest] of loaded.live) expiries.set(right, [...latest]);

  return {
    // The latest first, so the limit-th alone says whether there are as many.
    reaches: (right, limit, now) => limit <= 0 || (expiries.get(right)?.[limit - 1] ?? -Infinity) > now,
    write(id, life) {
      const before = written.get(id) ?? loaded.credentials.get(id);
      if (before !== undefined && counts(before)) remove(expiries.get(before.right), before.expiresAt);
      if (counts(life)) insert(expiries.get(life.right), life.expiresAt);
      written.set(id, life);
    },
  };
}

function remove(latestFirst: number[] | undefined, expiresAt: number): void {
  const at = latestFirst?.indexOf(expiresAt) ?? -1;
  if (at >= 0) latestFirst?.splice(at, 1);
}

function insert(latestFirst: number[] | undefined, expiresAt: number): void {
  const at = latestFirst?.findIndex((other) => other < expiresAt) ?? -1;
  latestFirst?.splice(at < 0 ? latestFirst.length : at, 0, expiresAt);
}
