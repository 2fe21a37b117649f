import type { Commit } from '@writ/core';

/** What must be read under the lock before a batch can be decided: names only. */
export interface Wanted {
  readonly cells: ReadonlySet<string>;
  readonly consumed: ReadonlySet<string>;
  readonly counters: ReadonlySet<string>;
  readonly live: ReadonlyMap<string, WantedLive>;
  /** credentials whose life before this batch matters to a live count; empty where nothing counts */
  readonly credentials: ReadonlySet<string>;
}

/** The expiries of a right's live credentials that are after `now`: the `cap` latest of them. */
export interface WantedLive {
  readonly now: number;
  readonly cap: number;
}

/**
 * A count is compared with a limit only, so no more expiries than the greatest limit decide it, and each credential
 * that the batch itself writes can take away one.
 */
export function wantedBy(commits: readonly Commit[]): Wanted {
  const cells = new Set<string>();
  const consumed = new Set<string>();
  const counters = new Set<string>();
  const credentials = new Set<string>();
  const limits = new Map<string, WantedLive>();
  for (const commit of commits) {
    for (const expect of commit.expect) {
      if (expect.kind === 'cell') cells.add(expect.cell);
      else if (expect.kind === 'rate') counters.add(expect.counter);
      else {
        const known = limits.get(expect.right) ?? { now: expect.now, cap: 0 };
        limits.set(expect.right, {
          now: Math.min(known.now, expect.now),
          cap: Math.max(known.cap, expect.limit),
        });
      }
    }
    for (const { key } of commit.consume) consumed.add(key);
    for (const write of commit.write) {
      if (write.kind === 'row' && write.table === 'credentials') credentials.add(write.row.id);
    }
  }
  const live = new Map<string, WantedLive>();
  for (const [right, { now, cap }] of limits) live.set(right, { now, cap: cap + credentials.size });
  return { cells, consumed, counters, live, credentials: live.size === 0 ? new Set() : credentials };
}
