import type { ArtefactSet } from '@writ/flow';
import { expect, test } from 'vitest';
import { createInForce } from './in-force.ts';
import type { Ports } from './ports.ts';

// Only the hash of a set is looked at here.
const setOf = (hash: string): ArtefactSet => ({ hash }) as Partial<ArtefactSet> as ArtefactSet;

/** A store whose cell names a set, and that answers when it is told to. */
function storeOf(state: { current: string; wait: Promise<void> }): Pick<Ports, 'store' | 'sha256'> {
  const read = {
    cells: async () => {
      const found = { artefacts: state.current };
      await state.wait;
      return found;
    },
    row: async () => null,
  };
  const ports: unknown = { store: { read }, sha256: (bytes: Uint8Array) => bytes };
  return ports as Pick<Ports, 'store' | 'sha256'>;
}

test('law 2 what was read before a switch is not kept behind it', async () => {
  const gate = Promise.withResolvers<void>();
  const state = { current: 'before', wait: gate.promise };
  const inForce = createInForce(storeOf(state));
  inForce.keep(setOf('before'));
  inForce.keep(setOf('after'));
  const slow = inForce.current();
  state.current = 'after';
  inForce.refresh();
  gate.resolve();
  expect((await slow).hash).toBe('before');
  expect((await inForce.current()).hash).toBe('after');
  expect((await inForce.current()).hash).toBe('after');
});

test('law 2 what another process switched is in force here, without being told', async () => {
  const state = { current: 'before', wait: Promise.resolve() };
  const inForce = createInForce(storeOf(state));
  inForce.keep(setOf('before'));
  inForce.keep(setOf('after'));
  expect((await inForce.current()).hash).toBe('before');
  state.current = 'after';
  expect((await inForce.current()).hash).toBe('after');
});

test('law 1 a store without a set, or without the one its cell names, decides nothing', async () => {
  const wait = Promise.resolve();
  await expect(createInForce(storeOf({ current: 'gone', wait })).current()).rejects.toMatchObject({
    code: 'unavailable',
  });
});
