import { setTimeout as sleep } from 'node:timers/promises';
import type { Commit, CommitResult } from '@writ/core';
import { describe, expect, test } from 'vitest';
import { createCommitter, MAX_BATCH } from './committer.ts';
import { commit, many, NOTHING, setCell } from './conformance/commits.ts';

const DONE: CommitResult = { outcome: 'committed', inclusion: null, timeMs: 0 };

/** A driver that remembers its batches and takes as long as it is told. */
function driver(delay = 0): {
  batches: number[];
  run: (commits: readonly Commit[]) => Promise<CommitResult[]>;
} {
  const batches: number[] = [];
  return {
    batches,
    async run(commits) {
      batches.push(commits.length);
      if (delay > 0) await sleep(delay);
      return commits.map(() => DONE);
    },
  };
}

describe('the committer', () => {
  test('puts commits of one turn into one batch', async () => {
    const { batches, run } = driver();
    const committer = createCommitter(run);
    await Promise.all(many(64, () => committer.commit(NOTHING)));
    expect(batches).toEqual([64]);
  });

  test('collects what arrives while a batch is in flight', async () => {
    const { batches, run } = driver(20);
    const committer = createCommitter(run);
    const first = committer.commit(NOTHING);
    await sleep(5);
    const rest = many(30, () => committer.commit(NOTHING));
    await Promise.all([first, ...rest]);
    expect(batches).toEqual([1, 30]);
  });

  test('never runs two batches at once, and none above the limit', async () => {
    let running = 0;
    let most = 0;
    const sizes: number[] = [];
    const committer = createCommitter(async (commits) => {
      sizes.push(commits.length);
      most = Math.max(most, ++running);
      await sleep(1);
      running--;
      return commits.map(() => DONE);
    });
    await Promise.all(many(MAX_BATCH * 2 + 1, () => committer.commit(NOTHING)));
    expect([most, sizes]).toEqual([1, [MAX_BATCH, MAX_BATCH, 1]]);
  });

  test('waits a moment for the senders of the last batch, and not for a single one', async () => {
    const { batches, run } = driver();
    const committer = createCommitter(run);
    await Promise.all(many(8, () => committer.commit(NOTHING)));
    await Promise.all(
      many(8, async (n) => {
        for (let turn = 0; turn < n; turn++) await new Promise((resolve) => setImmediate(resolve));
        await committer.commit(NOTHING);
      }),
    );
    expect(batches.slice(0, 2)).toEqual([8, 6]);
  });

  test('answers each sender with its own result', async () => {
    const committer = createCommitter((commits) =>
      commits.map((_, n) => ({ outcome: 'lost', loss: { kind: 'consumed', key: `${n}` } })),
    );
    const results = await Promise.all(many(5, () => committer.commit(NOTHING)));
    expect(results).toEqual(many(5, (n) => ({ outcome: 'lost', loss: { kind: 'consumed', key: `${n}` } })));
  });

  test('L7 when a batch fails every commit of it is refused as unavailable, and the next one runs', async () => {
    let failing = true;
    const committer = createCommitter((commits) => {
      if (failing) throw new Error('disk I/O error');
      return commits.map(() => DONE);
    });
    const results = await Promise.allSettled(many(4, () => committer.commit(NOTHING)));
    for (const result of results) {
      expect(result).toMatchObject({
        reason: { code: 'unavailable', message: 'the store could not write: disk I/O error' },
      });
    }
    failing = false;
    expect(await committer.commit(NOTHING)).toBe(DONE);
  });

  test('refuses what cannot be written without disturbing the others', async () => {
    const { batches, run } = driver();
    const committer = createCommitter(run);
    const [bad, good] = await Promise.allSettled([
      committer.commit(commit({ write: [setCell('a\0', '')] })),
      committer.commit(NOTHING),
    ]);
    expect(bad).toMatchObject({ reason: { code: 'invalid' } });
    expect([good.status, batches]).toEqual(['fulfilled', [1]]);
  });
});
