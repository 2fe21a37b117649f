import {
  activeKeyCell,
  type Expect,
  type IssuerKey,
  isPublished,
  keyCell,
  type NewEntry,
  nextKeyCell,
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
  /** kids that this process can sign with */
  const loaded = new Set<string>();

  const all = async (): Promise<readonly StoredRow<'issuer_keys'>[]> =>
    store.read.rows('issuer_keys', { limit: 1000 });
  const cell = async (name: string): Promise<string | null> => (await store.read.cells([name]))[name] ?? null;

  const load = (kid: string, sealed: string): void => {
    if (!loaded.has(kid)) keys.load(kid, sealed);
    loaded.add(kid);
  };
  const forget = (kid: string): void => {
    keys.forget(kid);
    loaded.delete(kid);
  };

  /** A key that another process made active is unsealed here before anything is committed that only it can sign. */
  const active = async (name: string): Promise<string | null> => {
    const kid = await cell(activeKeyCell(name));
    if (kid === null || loaded.has(kid)) return kid;
    const row = await store.read.row('issuer_keys', kid);
    if (row === null) return null;
    load(kid, row.sealed);
    return kid;
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

  /** Makes a key, unless one is prepared already or somebody else is faster: then that is the one. */
  const prepare = async (name: string, by: string): Promise<string> => {
    const next = nextKeyCell(name);
    const before = await cell(next);
    const waiting = before === null ? null : await store.read.row('issuer_keys', before);
    if (waiting?.state === 'prepared') return waiting.kid;
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
    const won = await record(readKey({ ...row, entry: null }), row, 'prepared', by, {
      expect: [{ kind: 'cell', cell: next, is: before }],
      write: [{ kind: 'cell', cell: next, value: kid }],
    });
    if (!won) return (await cell(next)) ?? kid;
    load(kid, sealed);
    return kid;
  };

  const retire = async (kid: string, by: string): Promise<void> => {
    const row = await store.read.row('issuer_keys', kid);
    if (row === null || row.state !== 'active') return;
    await record(readKey(row), { ...withoutEntry(row), state: 'retired', retired_at: now() }, 'retired', by);
    forget(kid);
  };

  const activate = async (name: string, kid: string, by: string): Promise<void> => {
    const before = await cell(activeKeyCell(name));
    const row = await store.read.row('issuer_keys', kid);
    if (row === null || row.name !== name || row.state !== 'prepared') return;
    const won = await record(
      readKey(row),
      { ...withoutEntry(row), state: 'active', activated_at: now() },
      'activated',
      by,
      {
        expect: [{ kind: 'cell', cell: activeKeyCell(name), is: before }],
        write: [{ kind: 'cell', cell: activeKeyCell(name), value: kid }],
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

  /** A crash between activating one key and retiring the other leaves two active rows; only one is in the cell. */
  const finishInterrupted = async (by: string): Promise<void> => {
    for (const row of (await all()).filter(({ state }) => state === 'active')) {
      if ((await cell(activeKeyCell(row.name))) === row.kid) continue;
      await outstanding.drained();
      await retire(row.kid, by);
    }
  };

  return {
    active,
    prepare,
    activate,
    start: async () => {
      for (const row of await all()) {
        if (row.state === 'active' || row.state === 'prepared') load(row.kid, row.sealed);
      }
      await finishInterrupted('start');
      await ensure(await inForce.current());
    },
    published: async () => {
      const longest = longestLife(await inForce.current());
      const rows = (await all()).map(readKey);
      return rows.filter((key) => isPublished(key, longest, now())).map(({ publicJwk }) => publicJwk);
    },
    rotateDue: async ({ every, lead }) => {
      await finishInterrupted('schedule');
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
  const lives = [...set.flows.values()]
    .filter(({ definition }) => definition.issues === 'token')
    .map(({ definition }) => definition.request.ttl.max);
  return Math.max(86_400, ...lives);
}
