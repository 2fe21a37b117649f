import { hash } from 'node:crypto';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** One column of one stored row. */
export interface StoredPlace {
  readonly table: string;
  readonly keyColumn: string;
  readonly key: string | number;
  readonly column: string;
}

/** A change that was made behind the store's back. */
export interface Tampering {
  /** `table.column`, or `table.column member` of JSON, or `table row` for a row that is gone */
  readonly at: string;
  readonly how: string;
  undo(): void;
}

/** Whoever can write the database, and nothing else. Everything it does is undone or deliberate. */
export interface Tamperer extends Disposable {
  /** The columns of the rows of `table` whose key is one of `keys`. */
  places(table: string, keyColumn: string, keys: readonly (string | number)[]): readonly StoredPlace[];
  valueOf(place: StoredPlace): string | number | Uint8Array | null;
  /** Puts this in the place of what is there. */
  set(place: StoredPlace, value: string | number): Tampering;
  /** Changes this one value in a way drawn from the seed; null where the draw changed nothing. */
  change(place: StoredPlace): Tampering | null;
  /** Takes the row away. */
  remove(table: string, keyColumn: string, key: string | number): Tampering;
  /** The value of a cell, or null. */
  cell(name: string): string | null;
  setCell(name: string, value: string | null): Tampering;
  isSpent(key: string): boolean;
}

type Stored = string | number | Uint8Array | null;
type Members = Readonly<Record<string, unknown>>;

/** The same changes for the same seed. */
export function createTamperer(database: string, seed: string): Tamperer {
  const db = new DatabaseSync(database, { timeout: 5_000 });
  db.exec('PRAGMA synchronous = OFF');
  const roll = createDice(seed);
  const pick = <T>(of: readonly T[]): T => {
    const one = of[roll(of.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  };
  const read = ({ table, keyColumn, key, column }: StoredPlace): Stored =>
    stored(db.prepare(`SELECT ${column} AS value FROM ${table} WHERE ${keyColumn} = ?`).get(key)?.['value']);
  const write = ({ table, keyColumn, key, column }: StoredPlace, value: SQLInputValue): void => {
    db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${keyColumn} = ?`).run(value, key);
  };
  /** The value that another row has there. */
  const elsewhere = ({ table, keyColumn, key, column }: StoredPlace): Stored => {
    const others = db
      .prepare(`SELECT ${column} AS value FROM ${table} WHERE ${keyColumn} <> ? ORDER BY ${keyColumn}`)
      .all(key);
    return others.length === 0 ? null : stored(pick(others)['value']);
  };

  const tamperer: Tamperer = {
    places: (table, keyColumn, keys) => {
      const columns = db.prepare(`SELECT name FROM pragma_table_info(?)`).all(table);
      return keys.flatMap((key) =>
        columns.map(({ name }) => ({ table, keyColumn, key, column: String(name) })),
      );
    },
    valueOf: read,
    set: (place, value) => {
      const before = read(place);
      write(place, value);
      return { at: `${place.table}.${place.column}`, how: 'set', undo: () => write(place, before) };
    },
    change: (place) => {
      const before = read(place);
      const { value, how, member = '' } = changed(before, { roll, pick }, () => elsewhere(place));
      if (same(value, before)) return null;
      try {
        write(place, value);
      } catch {
        return null;
      }
      const { table, keyColumn, column, key } = place;
      const now =
        column === keyColumn && (typeof value === 'string' || typeof value === 'number') ? value : key;
      const at = `${table}.${column}${member === '' ? '' : ` ${member}`}`;
      return { at, how, undo: () => write({ ...place, key: now }, before) };
    },
    remove: (table, keyColumn, key) => {
      const row = db.prepare(`SELECT * FROM ${table} WHERE ${keyColumn} = ?`).get(key) ?? {};
      db.prepare(`DELETE FROM ${table} WHERE ${keyColumn} = ?`).run(key);
      const columns = Object.keys(row);
      const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
      return {
        at: `${table} row`,
        how: 'removed',
        undo: () => void db.prepare(sql).run(...Object.values(row)),
      };
    },
    cell: (name) => {
      const value = db.prepare('SELECT value FROM cells WHERE name = ?').get(name)?.['value'];
      return typeof value === 'string' ? value : null;
    },
    setCell: (name, value) => {
      const before = tamperer.cell(name);
      put(name, value);
      const at = `cells ${name.slice(0, Math.max(name.indexOf(':'), 0)) || name}`;
      return { at, how: `to ${value ?? 'nothing'}`, undo: () => put(name, before) };
    },
    isSpent: (key) => db.prepare('SELECT 1 FROM consumed WHERE key = ?').get(key) !== undefined,
    [Symbol.dispose]: () => db.close(),
  };

  function put(name: string, value: string | null): void {
    if (value === null) db.prepare('DELETE FROM cells WHERE name = ?').run(name);
    else
      db.prepare(
        'INSERT INTO cells VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      ).run(name, value);
  }

  return tamperer;
}

interface Draws {
  readonly roll: (below: number) => number;
  readonly pick: <T>(of: readonly T[]) => T;
}

interface Changed {
  readonly value: Stored;
  readonly how: string;
  /** of JSON */
  readonly member?: string;
}

function changed(before: Stored, draws: Draws, elsewhere: () => Stored): Changed {
  const { roll, pick } = draws;
  if (roll(4) === 0) return { value: elsewhere(), how: 'to that of another row' };
  if (before === null) return { value: roll(40), how: 'to something' };
  if (typeof before === 'number') {
    const value = pick([0, -1, 1, before + 1, before - 1, before * 2, roll(40), Number.MAX_SAFE_INTEGER]);
    return { value, how: `to ${value}` };
  }
  if (typeof before !== 'string') return { value: changedBytes(before, draws), how: 'in its bytes' };
  const json = jsonOf(before);
  return json === null || roll(4) === 0
    ? { value: changedText(before, draws), how: 'in its text' }
    : changedJson(json, draws);
}

function changedText(text: string, { roll, pick }: Draws): string {
  const at = roll(text.length + 1);
  const rest = text.slice(at + 1);
  return pick([
    '',
    `${text}x`,
    text.slice(0, at),
    text.slice(0, at) + String.fromCharCode(33 + roll(90)) + rest,
    text.slice(0, at) + rest,
    text.toUpperCase(),
    'user:eve',
    'approve',
    'waiting',
  ]);
}

function changedBytes(bytes: Uint8Array, { roll }: Draws): Uint8Array {
  if (roll(8) === 0) return bytes.slice(0, roll(bytes.length));
  const changedOnes = Uint8Array.from(bytes);
  const at = roll(bytes.length);
  changedOnes[at] = (changedOnes[at] ?? 0) ^ (1 << roll(8));
  return changedOnes;
}

/** Takes one member away, or puts something else in its place, at any depth. */
function changedJson(json: Members | readonly unknown[], { roll, pick }: Draws): Changed {
  const paths = pathsOf(json);
  const path = pick(paths);
  const change = (value: unknown): unknown => {
    if (typeof value === 'number') return pick<unknown>([value + 1, 0, -value, String(value)]);
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'string') return changedText(value, { roll, pick });
    if (Array.isArray(value))
      return pick<unknown>([[], [...value, 'x'], value.slice(1), [...value, ...value]]);
    return pick<unknown>([null, [], {}, 'x', 1]);
  };
  const walk = (value: unknown, [first, ...more]: readonly string[]): unknown => {
    if (first === undefined) return change(value);
    if (Array.isArray(value)) return value.map((each, i) => (String(i) === first ? walk(each, more) : each));
    if (typeof value !== 'object' || value === null) return value;
    const gone = more.length === 0 && roll(3) === 0;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, member]) =>
        name === first ? (gone ? [] : [[name, walk(member, more)]]) : [[name, member]],
      ),
    );
  };
  return { value: JSON.stringify(walk(json, path)), how: 'in a member', member: path.join('.') };
}

function pathsOf(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  const own = at.length === 0 ? [] : [at];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...at, name]))];
}

function jsonOf(text: string): Members | readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value.length === 0 ? null : value;
    return isMembers(value) && Object.keys(value).length > 0 ? value : null;
  } catch {
    return null;
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}

function stored(value: unknown): Stored {
  if (typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array) return value;
  return null;
}

function same(a: Stored, b: Stored): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : a === b;
}

/** Whole numbers from 0 (included) to `below` (excluded), the same for the same seed. */
export function createDice(seed: string): (below: number) => number {
  let drawn = 0;
  return (below) => {
    drawn += 1;
    return Number.parseInt(hash('sha256', `${seed} ${drawn}`).slice(0, 12), 16) % Math.max(below, 1);
  };
}
