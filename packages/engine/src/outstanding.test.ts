import { expect, test } from 'vitest';
import { createOutstanding } from './outstanding.ts';

/** Whether it has resolved by the time everything that can go on has gone on. */
async function settled(promise: Promise<void>): Promise<boolean> {
  return Promise.race([
    promise.then(() => true),
    new Promise<boolean>((next) => setImmediate(() => next(false))),
  ]);
}

test('F10 with nothing under way nothing is waited for', async () => {
  expect(await settled(createOutstanding().drained())).toBe(true);
});

test('F10 each that was under way is waited for', async () => {
  const outstanding = createOutstanding();
  const ends = [outstanding.begin(), outstanding.begin(), outstanding.begin()];
  const drained = outstanding.drained();
  for (const end of ends) {
    expect(await settled(drained)).toBe(false);
    end();
  }
  expect(await settled(drained)).toBe(true);
});

test('F10 what began later is not waited for, so that load cannot hold up a freeze', async () => {
  const outstanding = createOutstanding();
  const end = outstanding.begin();
  const drained = outstanding.drained();
  const later = outstanding.begin();
  end();
  expect(await settled(drained)).toBe(true);
  expect(await settled(outstanding.drained())).toBe(false);
  later();
  expect(await settled(outstanding.drained())).toBe(true);
});

test('F10 ending twice is ending once', async () => {
  const outstanding = createOutstanding();
  const [first, second] = [outstanding.begin(), outstanding.begin()];
  first();
  first();
  expect(await settled(outstanding.drained())).toBe(false);
  second();
  expect(await settled(outstanding.drained())).toBe(true);
});
