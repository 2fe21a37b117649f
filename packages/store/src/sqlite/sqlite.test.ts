import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crashProgram, describeStore, logOptions, type Place } from '../conformance/conformance.ts';
import { openSqlite } from './sqlite.ts';

const program = crashProgram(
  new URL('./sqlite.ts', import.meta.url),
  'driver.openSqlite({ ...options, path: address })',
);

async function newPlace(): Promise<Place> {
  const directory = mkdtempSync(join(tmpdir(), 'writ-store-'));
  const path = join(directory, 'writ.db');
  return {
    open: (opening) => openSqlite({ ...logOptions(opening), path }),
    async tamper(sql) {
      const db = new DatabaseSync(path);
      db.exec(sql);
      db.close();
    },
    child: { program, address: path },
    async [Symbol.asyncDispose]() {
      rmSync(directory, { recursive: true });
    },
  };
}

describeStore('sqlite', newPlace);
