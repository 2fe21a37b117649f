import type { Commit, CommitResult, Loss } from '@writ/core';
import { describe, expect, test } from 'vitest';
import { ATTEMPTS, appendUntilWon } from './append-until-won.ts';

const COMMIT: Commit = { expect: [], consume: [], append: null, write: [] };
const WON: CommitResult = { outcome: 'committed', inclusion: null, timeMs: 7 };
const CELL: Loss = { kind: 'cell', cell: 'freeze:everything', expected: null, found: '1 frozen' };

/** Commits that lose so often and then win; what was made is counted. */
function losing(times: number, loss: Loss = CELL) {
  const seen = { made: 0, committed: 0 };
  const run = async (): Promise<string> =>
    appendUntilWon(
      async () => {
        seen.made += 1;
        return { commit: COMMIT, won: ({ timeMs }) => `won at ${timeMs}` };
      },
      async () => {
        seen.committed += 1;
        return seen.committed > times ? WON : { outcome: 'lost', loss };
      },
    );
  return { seen, run };
}

describe('law 2: a unit of work is made from fresh reads until it wins', () => {
  test.each([0, 1, 2])('after %d losses it wins, and is made anew each time', async (times) => {
    const { seen, run } = losing(times);
    expect(await run()).toBe('won at 7');
    expect(seen).toEqual({ made: times + 1, committed: times + 1 });
  });

  test('after three it is contention, which names what kept changing', async () => {
    const { seen, run } = losing(ATTEMPTS);
    await expect(run()).rejects.toMatchObject({
      code: 'contention',
      message: expect.stringContaining('`freeze:everything`'),
    });
    expect(seen.committed).toBe(3);
  });

  test.each<[Loss, string]>([
    [{ kind: 'consumed', key: 'secret key' }, 'what this was about'],
    [{ kind: 'rate', counter: 'right@0', limit: 1 }, 'the budget'],
    [{ kind: 'live', right: 'right', limit: 1 }, 'the budget'],
  ])('a loss of %o is told without the key', async (loss, words) => {
    const { run } = losing(ATTEMPTS, loss);
    const error: unknown = await run().catch((caught: unknown) => caught);
    expect(String(error)).toContain(words);
    expect(String(error)).not.toContain('secret key');
  });

  test('what is done already is committed no more', async () => {
    const done = appendUntilWon(
      async () => ({ done: 'already' }),
      async () => Promise.reject(new Error('committed')),
    );
    expect(await done).toBe('already');
  });

  test('what others did meanwhile may make it done', async () => {
    let turn = 0;
    const done = appendUntilWon<string>(
      async () => {
        turn += 1;
        return turn === 2 ? { done: 'by another' } : { commit: COMMIT, won: () => 'by us' };
      },
      async () => ({ outcome: 'lost', loss: CELL }),
    );
    expect(await done).toBe('by another');
  });

  test('a store that fails is not asked again', async () => {
    let asked = 0;
    const failing = appendUntilWon(
      async () => ({ commit: COMMIT, won: () => undefined }),
      async () => {
        asked += 1;
        return Promise.reject(new Error('disk full'));
      },
    );
    await expect(failing).rejects.toThrow('disk full');
    expect(asked).toBe(1);
  });
});
