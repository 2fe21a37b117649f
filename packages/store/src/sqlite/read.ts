import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type StoredRow, TABLES, type TableName, WritError } from '@writ/core';
import type { Hash } from '@writ/ledger';
import { isStorable } from '../admit.ts';
import { LIVE_SQL } from '../live-credential.ts';
import { checkEntryRange, type Dialect, pageSql, selectSql } from '../page-sql.ts';
import type { Reader, StoredEntry, TreeHead } from '../port.ts';
import { noEntry, proveFrom } from '../prove-from.ts';
import { storedRow } from '../stored-row.ts';
import { bytes, integer, text } from '../stored-value.ts';
import { isTilePlace } from '../tile-need.ts';
import { readHead } from './load.ts';
import { allRows } from './row-values.ts';

const DIALECT: Dialect = { schema: '', parameter: () => '?' };
const ENTRIES = 'SELECT idx, leaf, salt, record FROM entries WHERE idx >= ? AND idx < ? ORDER BY idx';
const LIVE = `SELECT count(*) FROM credentials WHERE right_id = ? AND expires_at > ? AND ${LIVE_SQL}`;

/** Reads on a connection of their own, which cannot write. `db` must stay open as long as the reader is used. */
export function createReader(db: DatabaseSync, hash: Hash): Reader {
  const statements = new Map<string, StatementSync>();
  const query = (sql: string, ...parameters: (string | number)[]): readonly unknown[][] => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql, { returnArrays: true });
      statements.set(sql, statement);
    }
    return allRows(statement, ...parameters);
  };

  return {
    cells: answer((names: readonly string[]) => {
      const rows = query(
        'SELECT c.name, c.value FROM json_each(?) n CROSS JOIN cells c ON c.name = n.value',
        JSON.stringify(names.filter(isStorable)),
      );
      const found = new Map(rows.map(([name, value]) => [text(name), text(value)]));
      return Object.fromEntries(names.map((name) => [name, found.get(name) ?? null]));
    }),
    async row(table, key) {
      const sql = `${selectSql(table, DIALECT)} WHERE ${TABLES[table].key} = ?`;
      const [values] = isStorable(key) ? live(() => query(sql, key)) : [];
      return values === undefined ? null : storedRow(table, values);
    },
    async rows(table, where) {
      const page = pageSql(table, where, DIALECT);
      return page === null
        ? []
        : pageOf(
            table,
            live(() => query(page.text, ...page.values)),
          );
    },
    live: answer((right: string, now: number) =>
      isStorable(right) ? integer(query(LIVE, right, now)[0]?.[0]) : 0,
    ),
    tree: answer(head),
    entry: answer((index: number) => entries(index, index + 1)[0] ?? null),
    entries: answer(entries),
    tile: answer(tile),
    inclusion: answer((index: number) => {
      // The head first: what is read after it can only have grown.
      const at = head();
      const entry =
        Number.isSafeInteger(index) && index >= 0 && index < at.size
          ? entries(index, index + 1)[0]
          : undefined;
      if (entry === undefined) throw noEntry(index, at.size);
      return proveFrom(hash, at, index, entry.leaf, (level, of) => tile(level, of) ?? undefined);
    }),
  };

  function head(): TreeHead {
    const found = readHead(db);
    if (found === null) throw new WritError('verification-failed', 'the tree row is missing');
    const { size, root, checkpoint, timeMs } = found;
    return { size, root, checkpoint, timeMs };
  }

  function entries(from: number, to: number): readonly StoredEntry[] {
    checkEntryRange(from, to);
    return query(ENTRIES, from, to).map(([index, leaf, salt, record]) => ({
      index: integer(index),
      leaf: bytes(leaf),
      salt: salt === null ? null : bytes(salt),
      record: record === null ? null : text(record),
    }));
  }

  function tile(level: number, index: number): Uint8Array | null {
    if (!isTilePlace({ level, index })) return null;
    const [row] = query('SELECT hashes FROM tiles WHERE level = ? AND idx = ?', level, index);
    return row === undefined ? null : bytes(row[0]);
  }
}

function pageOf<T extends TableName>(table: T, rows: readonly unknown[][]): readonly StoredRow<T>[] {
  return rows.map((values) => storedRow(table, values));
}

function answer<P extends unknown[], R>(read: (...parameters: P) => R): (...parameters: P) => Promise<R> {
  return async (...parameters) => live(() => read(...parameters));
}

/** What the engine reports is not the caller's to handle one by one: the database did not answer. */
function live<R>(read: () => R): R {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WritError('unavailable', `the store could not read: ${why}`, { cause });
  }
}
