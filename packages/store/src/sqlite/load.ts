import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredHead } from '../edge-check.ts';
import type { Consumed, Counter, Loaded } from '../judge.ts';
import type { CredentialLife } from '../live-credential.ts';
import { LIVE_SQL } from '../live-credential.ts';
import { bytes, integer, text } from '../stored-value.ts';
import type { Wanted } from '../wanted.ts';
import { allRows } from './row-values.ts';

const ARRAYS = { returnArrays: true };

// Each name is looked up in the primary key: CROSS JOIN keeps the list as the outer loop.
const CELLS = 'SELECT c.name, c.value FROM json_each(?) n CROSS JOIN cells c ON c.name = n.value';
const CONSUMED =
  'SELECT c.key, c.holder, c.until FROM json_each(?) n CROSS JOIN consumed c ON c.key = n.value';
const COUNTERS =
  'SELECT c.name, c.count, c.until FROM json_each(?) n CROSS JOIN counters c ON c.name = n.value';
const LIVE = `SELECT expires_at FROM credentials WHERE right_id = ? AND expires_at > ? AND ${LIVE_SQL}
  ORDER BY expires_at DESC LIMIT ?`;
const CREDENTIALS = `SELECT c.id, c.right_id, c.state, c.expires_at
  FROM json_each(?) n CROSS JOIN credentials c ON c.id = n.value`;

/** Reads all that a batch wants, inside its transaction. */
export function createLoader(db: DatabaseSync): (wanted: Wanted) => Loaded {
  const cells = db.prepare(CELLS, ARRAYS);
  const consumed = db.prepare(CONSUMED, ARRAYS);
  const counters = db.prepare(COUNTERS, ARRAYS);
  const live = db.prepare(LIVE, ARRAYS);
  const credentials = db.prepare(CREDENTIALS, ARRAYS);
  return (wanted) => ({
    cells: new Map(named(cells, wanted.cells).map(([name, value]) => [text(name), text(value)])),
    consumed: new Map(
      named(consumed, wanted.consumed).map(([key, holder, until]): [string, Consumed] => [
        text(key),
        { holder: holder === null ? null : text(holder), until: integer(until) },
      ]),
    ),
    counters: new Map(
      named(counters, wanted.counters).map(([name, count, until]): [string, Counter] => [
        text(name),
        { count: integer(count), until: integer(until) },
      ]),
    ),
    live: new Map(
      [...wanted.live].map(([right, { now, cap }]) => [
        right,
        allRows(live, right, now, cap).map(([expiresAt]) => integer(expiresAt)),
      ]),
    ),
    credentials: new Map(
      named(credentials, wanted.credentials).map(
        ([id, right, state, expiresAt]): [string, CredentialLife] => [
          text(id),
          { right: text(right), state: text(state), expiresAt: integer(expiresAt) },
        ],
      ),
    ),
  });
}

function named(statement: StatementSync, names: ReadonlySet<string>): readonly unknown[][] {
  return names.size === 0 ? [] : allRows(statement, JSON.stringify([...names]));
}

/** The head of the log, or null in a database without one. */
export function readHead(db: DatabaseSync): StoredHead | null {
  const [row] = allRows(
    db.prepare('SELECT size, root, frontier, checkpoint, time_ms FROM tree WHERE one = 1', ARRAYS),
  );
  if (row === undefined) return null;
  const [size, root, frontier, checkpoint, timeMs] = row;
  return {
    size: integer(size),
    root: bytes(root),
    frontier: bytes(frontier),
    checkpoint: text(checkpoint),
    timeMs: integer(timeMs),
  };
}
