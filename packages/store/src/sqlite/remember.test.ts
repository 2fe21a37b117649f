import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { commit, setCell } from '../conformance/commits.ts';
import { logOptions, type Opening } from '../conformance/place.ts';
import type { Store } from '../port.ts';
import { openSqlite } from './sqlite.ts';

interface Opened extends AsyncDisposable {
  readonly store: Store;
  /** runs a statement behind the store's back */
  tamper(sql: string): void;
}

async function opened(opening?: Opening): Promise<Opened> {
  const directory = mkdtempSync(join(tmpdir(), 'writ-remember-'));
  const path = join(directory, 'writ.db');
  const store = await openSqlite({ ...logOptions(opening), path });
  return {
    store,
    tamper(sql) {
      const db = new DatabaseSync(path);
      db.exec(sql);
      db.close();
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true });
    },
  };
}

function identity(owner: string): ReturnType<typeof setCell> {
  const row = { name: 'svc', uri: 'spiffe://acme.example/svc', owner, kind: 'workload', body: '{}' };
  return { kind: 'row', table: 'identities', row };
}

test('law 4: a cell and an identity read before are read as a later commit left them', async () => {
  await using place = await opened();
  const { store } = place;
  expect(await store.read.cells(['a', 'b'])).toEqual({ a: null, b: null });
  await store.commit(commit({ write: [setCell('a', '1'), identity('user:ana')] }));
  expect(await store.read.cells(['a', 'b'])).toEqual({ a: '1', b: null });
  expect(await store.read.row('identities', 'svc')).toMatchObject({ owner: 'user:ana' });
  await store.commit(commit({ write: [setCell('a', '2'), identity('user:tom')] }));
  expect(await store.read.cells(['a'])).toEqual({ a: '2' });
  expect(await store.read.row('identities', 'svc')).toMatchObject({ owner: 'user:tom' });
});

test('law 2: what something else wrote makes a commit lose, and is what is read next', async () => {
  await using place = await opened();
  const { store } = place;
  await store.commit(commit({ write: [setCell('a', '1')] }));
  expect(await store.read.cells(['a'])).toEqual({ a: '1' });
  place.tamper("UPDATE cells SET value = '9' WHERE name = 'a'");
  const lost = await store.commit(
    commit({ expect: [{ kind: 'cell', cell: 'a', is: '1' }], write: [setCell('b', '1')] }),
  );
  expect(lost).toMatchObject({ outcome: 'lost', loss: { kind: 'cell', found: '9' } });
  expect(await store.read.cells(['a', 'b'])).toEqual({ a: '9', b: null });
});

test('law 4: of a batch that failed nothing is read', async () => {
  const state = { broken: false };
  const fault = (): void => {
    if (state.broken) throw new Error('broken');
  };
  await using place = await opened({ fault });
  const { store } = place;
  await store.commit(commit({ write: [setCell('a', '1'), identity('user:ana')] }));
  expect(await store.read.row('identities', 'svc')).toMatchObject({ owner: 'user:ana' });
  state.broken = true;
  await expect(store.commit(commit({ write: [setCell('a', '2'), identity('user:tom')] }))).rejects.toThrow(
    'could not write',
  );
  expect(await store.read.cells(['a'])).toEqual({ a: '1' });
  expect(await store.read.row('identities', 'svc')).toMatchObject({ owner: 'user:ana' });
});

test('rows that are kept cannot be changed by whoever read them', async () => {
  await using place = await opened();
  const { store } = place;
  await store.commit(commit({ write: [identity('user:ana')] }));
  const row = await store.read.row('identities', 'svc');
  expect(() => Object.assign(row ?? {}, { owner: 'user:tom' })).toThrow(TypeError);
  expect(await store.read.row('identities', 'svc')).toMatchObject({ owner: 'user:ana' });
});
