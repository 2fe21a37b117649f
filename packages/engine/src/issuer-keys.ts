import {
  activeKeyCell,
  type Expect,
  type IssuerKey,
  isPublished,
  keyCell,
  type NewEntry,
  type Row,
  type StoredRow,
  type Write,
} from '@writ/core';
import type { ArtefactSet } from '@writ/flow';
import { newEntry } from './entry.ts';
import type { InForce } from './in-force.ts';
import type { Outstanding } from './outstanding.ts';
import type { Ports } from './ports.ts';
import { readKey } from './stored.ts';

/** When keys change, in seconds: `lead` is how long a prepared key is published before it signs. */
export interface RotationSchedule {
  readonly every: number;
  readonly lead: number;
}

export interface IssuerKeys {
  /** Unseals what may sign, and makes a key for every name that flows use and that has none. */
  start(): Promise<void>;
  /** The kid that signs for `name` now. */
  active(name: string): Promise<string | null>;
  /** Public keys for the JWKS: prepared, active, and retired ones whose last token still lives. */
  published(): Promise<readonly Readonly<Record<string, string>>[]>;
  prepare(name: string, by: string): Promise<string>;
  /** Makes the prepared key the one that signs, and retires the one before once nothing of it is under way. */
  activate(name: string, kid: string, by: string): Promise<void>;
  /** Does whatever the schedule makes due. Safe to call at any time and by several. */
  rotateDue(schedule: RotationSchedule): Promise<void>;
}

export function createIssuerKeys(ports: Ports, inForce: InForce, outstanding: Outstanding): IssuerKeys {
  const { store, keys, now } = ports;

  const all = async (): Promise<readonly StoredRow<'issuer_keys'>[]> =>
    store.read.rows('issuer_keys', { limit: 1000 });
  const active = async (name: string): Promise<string | null> => {
    const cell = activeKeyCell(name);
    return (await store.read.cells([cell]))[cell] ?? null;
  };

  /** One event in a key's life: leaf, state cell and row, in one commit. */
  const record = async (
    key: IssuerKey,
    row: Row<'issuer_keys'>,
    event: 'prepared' | 'activated' | 'retired',
    by: string,
    more: { readonly expect: readonly Expect[]; readonly write: readonly Write[] } = {
      expect: [],
      write: [],
    },
  ): Promise<boolean> => {
    const { hash } = await inForce.current();
    const result = await store.commit({
      expect: [{ kind: 'cell', cell: keyCell(key.kid), is: previousState(event) }, ...more.expect],
      consume: [],
      append: keyEntry(ports, key, event, by, hash),
      write: [
        { kind: 'cell', cell: keyCell(key.kid), value: row.state },
        { kind: 'row', table: 'issuer_keys', row },
        ...more.write,
      ],
    });
    if (result.outcome === 'lost') return false;
    ports.events.key({ kid: key.kid, name: key.name, event, index: result.inclusion?.index ?? -1 });
    return true;
  };

  const prepare = async (name: string, by: string): Promise<string> => {
    const { kid, alg, publicJwk, sealed } = keys.mint();
    const row: Row<'issuer_keys'> = {
      kid,
      name,
      alg,
      state: 'prepared',
      public_jwk: JSON.stringify(publicJwk),
      sealed,
      prepared_at: now(),
      activated_at: 0,
      retired_at: 0,
    };
    await record(readKey({ ...row, entry: null }), row, 'prepared', by);
    keys.load(kid, sealed);
    return kid;
  };

  const retire = async (kid: string, by: string): Promise<void> => {
    const row = await store.read.row('issuer_keys', kid);
    if (row === null || row.state !== 'active') return;
    await record(readKey(row), { ...withoutEntry(row), state: 'retired', retired_at: now() }, 'retired', by);
    keys.forget(kid);
  };

  const activate = async (name: string, kid: string, by: string): Promise<void> => {
    const before = await active(name);
    const row = await store.read.row('issuer_keys', kid);
    if (row === null || row.name !== name || row.state !== 'prepared') return;
    const cell = activeKeyCell(name);
    const won = await record(
      readKey(row),
      { ...withoutEntry(row), state: 'active', activated_at: now() },
      'activated',
      by,
      {
        expect: [{ kind: 'cell', cell, is: before }],
        write: [{ kind: 'cell', cell, value: kid }],
      },
    );
    if (!won || before === null) return;
    // From here on no commit with the old key wins; what won before is still to be signed with it.
    await outstanding.drained();
    await retire(before, by);
  };

  const ensure = async (set: ArtefactSet): Promise<void> => {
    for (const name of keyNames(set)) {
      if ((await active(name)) === null) await activate(name, await prepare(name, 'start'), 'start');
    }
  };

  return {
    active,
    prepare,
    activate,
    start: async () => {
      for (const row of await all()) {
        if (row.state === 'active' || row.state === 'prepared') keys.load(row.kid, row.sealed);
      }
      await finishInterrupted(await all(), active, retire);
      await ensure(await inForce.current());
    },
    published: async () => {
      const longest = longestLife(await inForce.current());
      const rows = (await all()).map(readKey);
      return rows.filter((key) => isPublished(key, longest, now())).map(({ publicJwk }) => publicJwk);
    },
    rotateDue: async ({ every, lead }) => {
      const rows = (await all()).map(readKey);
      for (const key of rows.filter(({ state }) => state === 'active')) {
        const prepared = rows.find(({ name, state }) => name === key.name && state === 'prepared');
        const age = now() - key.activatedAt;
        if (prepared === undefined && age >= (every - lead) * 1000) await prepare(key.name, 'schedule');
        if (prepared !== undefined && age >= every * 1000 && now() - prepared.preparedAt >= lead * 1000) {
          await activate(key.name, prepared.kid, 'schedule');
        }
      }
    },
  };
}

/** A crash between activating one key and retiring the other leaves two active rows; only one is in the cell. */
async function finishInterrupted(
  rows: readonly StoredRow<'issuer_keys'>[],
  active: (name: string) => Promise<string | null>,
  retire: (kid: string, by: string) => Promise<void>,
): Promise<void> {
  for (const row of rows.filter(({ state }) => state === 'active')) {
    if ((await active(row.name)) !== row.kid) await retire(row.kid, 'start');
  }
}

function previousState(event: 'prepared' | 'activated' | 'retired'): string | null {
  return { prepared: null, activated: 'prepared', retired: 'active' }[event];
}

function keyEntry(ports: Ports, key: IssuerKey, event: string, by: string, artefacts: string): NewEntry {
  const record = {
    artefacts,
    kid: key.kid,
    event,
    use: `issuer-key ${key.name}`,
    public_jwk: key.publicJwk,
    by,
  };
  return newEntry(ports, 'key', record);
}

function withoutEntry({ entry: _entry, ...row }: StoredRow<'issuer_keys'>): Row<'issuer_keys'> {
  return row;
}

function keyNames(set: ArtefactSet): readonly string[] {
  const names = [...set.flows.values()].flatMap(({ definition: { generate } }) => {
    const key = generate.kind === 'token' ? generate.parameters['key'] : undefined;
    return typeof key === 'string' ? [key] : [];
  });
  return [...new Set(names)].sort();
}

/** No token lives longer; a day at least, for tokens of sets that were in force before. Seconds. */
function longestLife(set: ArtefactSet): number {
  const lives = [...set.flows.values()].map(({ definition }) => definition.lifecycle.maxLifetime);
  return Math.max(86_400, ...lives);
}
