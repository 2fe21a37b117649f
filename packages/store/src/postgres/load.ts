import type { ClientBase } from 'pg';
import type { StoredHead } from '../edge-check.ts';
import type { Loaded } from '../judge.ts';
import { LIVE_SQL } from '../live-credential.ts';
import { bytes, integer, list, text } from '../stored-value.ts';
import type { Wanted } from '../wanted.ts';

const HEAD = 'SELECT size, root, frontier, checkpoint, time_ms FROM writ.tree WHERE one = 1';

// The lock first. What is read after it, in statements of their own, is read as the lock's last holder left it: under
// READ COMMITTED a statement that waits for the lock would still see everything else as it was before the wait.
// Everything is looked up by an index: a plan made while the tables were small must not scan them when they are large.
const LOCK = `BEGIN ISOLATION LEVEL READ COMMITTED;
  SET LOCAL lock_timeout = '10s';
  SET LOCAL idle_in_transaction_session_timeout = '15s';
  SET LOCAL enable_seqscan = off;
  ${HEAD} FOR UPDATE`;

const LOAD = `SELECT
  (SELECT json_agg(json_build_array(name, value)) FROM writ.cells WHERE name = ANY($1::text[])),
  (SELECT json_agg(json_build_array(key, holder, until)) FROM writ.consumed WHERE key = ANY($2::text[])),
  (SELECT json_agg(json_build_array(name, count, until)) FROM writ.counters WHERE name = ANY($3::text[])),
  (SELECT json_agg(json_build_array(w.right_id, (
     SELECT json_agg(l.expires_at ORDER BY l.expires_at DESC) FROM (
       SELECT expires_at FROM writ.credentials c
       WHERE c.right_id = w.right_id AND c.expires_at > w.now AND ${LIVE_SQL}
       ORDER BY expires_at DESC LIMIT w.cap) l)))
   FROM json_to_recordset($4::json) AS w(right_id text, now bigint, cap bigint)),
  (SELECT json_agg(json_build_array(id, right_id, state, expires_at))
   FROM writ.credentials WHERE id = ANY($5::text[]))`;

/** Begins the batch's transaction, waits for the one lock, and returns the head of the log under it. */
export async function lock(client: ClientBase): Promise<StoredHead> {
  // Several statements in one message: one result for each, which the type declarations do not know of.
  const results: unknown = await client.query({ text: LOCK, rowMode: 'array' });
  const last: unknown = Array.isArray(results) ? results.at(-1) : undefined;
  const rows: unknown = typeof last === 'object' && last !== null && 'rows' in last ? last.rows : [];
  return headOf(list(rows)[0] ?? []);
}

export async function readHead(client: Pick<ClientBase, 'query'>): Promise<StoredHead | null> {
  const { rows } = await client.query<unknown[]>({ name: 'writ_head', text: HEAD, rowMode: 'array' });
  return rows[0] === undefined ? null : headOf(rows[0]);
}

function headOf([size, root, frontier, checkpoint, timeMs]: readonly unknown[]): StoredHead {
  return {
    size: integer(size),
    root: bytes(root),
    frontier: bytes(frontier),
    checkpoint: text(checkpoint),
    timeMs: integer(timeMs),
  };
}

/** Reads all that a batch wants, under its lock, in one round trip. */
export async function load(client: ClientBase, wanted: Wanted): Promise<Loaded> {
  const live = [...wanted.live].map(([right, { now, cap }]) => ({ right_id: right, now, cap }));
  const { rows } = await client.query<unknown[]>({
    name: 'writ_load',
    text: LOAD,
    rowMode: 'array',
    values: [
      [...wanted.cells],
      [...wanted.consumed],
      [...wanted.counters],
      JSON.stringify(live),
      [...wanted.credentials],
    ],
  });
  const [cells, consumed, counters, expiries, credentials] = rows[0] ?? [];
  return {
    cells: mapOf(cells, ([value]) => text(value)),
    consumed: mapOf(consumed, ([holder, until]) => ({
      holder: holder === null ? null : text(holder),
      until: integer(until),
    })),
    counters: mapOf(counters, ([count, until]) => ({ count: integer(count), until: integer(until) })),
    live: mapOf(expiries, ([latest]) => (Array.isArray(latest) ? latest.map(integer) : [])),
    credentials: mapOf(credentials, ([right, state, expiresAt]) => ({
      right: text(right),
      state: text(state),
      expiresAt: integer(expiresAt),
    })),
  };
}

/** A map by the first value of each row; no rows at all are null. */
function mapOf<V>(rows: unknown, valueOf: (rest: readonly unknown[]) => V): Map<string, V> {
  return new Map(list(rows ?? []).map(([key, ...rest]) => [text(key), valueOf(rest)]));
}
