import type { DatabaseSync } from 'node:sqlite';
import { WritError } from '@writ/core';
import { HASH_SIZE, type TileWrite } from '@writ/ledger';
import { joinHashes } from '../edge-check.ts';
import type { Grown, Settlement } from '../settle.ts';
import { TABLE_NAMES } from '../stored-row.ts';
import { upsertSql } from './schema.ts';

/** Of what may be forgotten, so many are removed in one batch at most. */
const FORGET = 1000;

export interface Writer {
  /** Writes all of a settlement, inside its transaction. */
  write(settlement: Settlement): void;
  /** Removes keys and windows that ended before `end` (milliseconds since the epoch). */
  forget(end: number): void;
}

/** One bound statement per row: measured, that is half the time of one JSON parameter for the whole batch. */
export function createWriter(db: DatabaseSync): Writer {
  const cell = db.prepare(
    'INSERT INTO cells VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const consumed = db.prepare(
    'INSERT INTO consumed VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET until = excluded.until',
  );
  const counter = db.prepare(
    `INSERT INTO counters VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET count = excluded.count, until = excluded.until`,
  );
  const rows = new Map(TABLE_NAMES.map((table) => [table, db.prepare(upsertSql(table))]));
  const writeGrown = createGrownWriter(db);
  const forgets = ['consumed', 'counters'].map((table) => {
    const key = table === 'consumed' ? 'key' : 'name';
    const oldest = `SELECT ${key} FROM ${table} WHERE until < ? ORDER BY until LIMIT ${FORGET}`;
    return db.prepare(`DELETE FROM ${table} WHERE ${key} IN (${oldest})`);
  });

  return {
    write({ changed, rows: written, grown }) {
      for (const [name, value] of changed.cells) cell.run(name, value);
      for (const [key, { holder, until }] of changed.consumed) consumed.run(key, holder, until);
      for (const [name, { count, until }] of changed.counters) counter.run(name, count, until);
      for (const [table, ofTable] of written) {
        const upsert = rows.get(table);
        for (const { values, entry } of ofTable.values()) upsert?.run(...values, entry);
      }
      if (grown !== null) writeGrown(grown);
    },
    forget(end) {
      for (const forget of forgets) forget.run(end);
    },
  };
}

function createGrownWriter(db: DatabaseSync): (grown: Grown) => void {
  const entry = db.prepare('INSERT INTO entries VALUES (?, ?, ?, ?)');
  const newTile = db.prepare('INSERT INTO tiles VALUES (?, ?, ?)');
  const moreTile = db.prepare(
    `UPDATE tiles SET hashes = CAST(hashes || ? AS BLOB)
     WHERE level = ? AND idx = ? AND length(hashes) = ?`,
  );
  const tree = db.prepare(
    'UPDATE tree SET size = ?, root = ?, frontier = ?, checkpoint = ?, time_ms = ? WHERE one = 1',
  );
  return ({ tree: { size, frontier }, root, checkpoint, timeMs, entries, tiles }) => {
    for (const { index, leaf, salt, record } of entries) entry.run(index, leaf, salt, record);
    for (const tile of tiles) writeTile(tile);
    tree.run(size, root, joinHashes(frontier), checkpoint, timeMs);
  };

  function writeTile({ level, index, offset, hashes }: TileWrite): void {
    if (offset === 0) {
      newTile.run(level, index, hashes);
      return;
    }
    const { changes } = moreTile.run(hashes, level, index, offset * HASH_SIZE);
    if (changes !== 1) {
      throw new WritError(
        'unavailable',
        `tile ${level}/${index} does not end at ${offset}: run \`writ audit\``,
      );
    }
  }
}
