import { DatabaseSync } from 'node:sqlite';
import { rounded } from './figure.ts';
import { nameOf } from './fill.ts';

/** What the database can do with nothing of ours around it. */
export interface Limit {
  /** identities by name at random, each second */
  readonly pointReads: number;
  /** durable transactions of one row, one after the other, each second */
  readonly oneRowCommits: number;
}

/** `node:sqlite` on the very file, with the pragmas of the store. The store must be closed. */
export function measureLimit(database: string, identities: number, windowMs: number): Limit {
  const db = new DatabaseSync(database);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768');
  const read = db.prepare('SELECT name, uri, owner, kind, body, entry FROM identities WHERE name = ?');
  let drawn = 1;
  const pointReads = perSecond(windowMs, () => {
    drawn = (drawn * 48_271) % 2_147_483_647;
    read.get(nameOf(drawn % identities));
  });
  db.exec('CREATE TABLE IF NOT EXISTS bench_limit (id INTEGER PRIMARY KEY, text TEXT) STRICT');
  const write = db.prepare('INSERT INTO bench_limit (text) VALUES (?)');
  const oneRowCommits = perSecond(windowMs, () => write.run('x'.repeat(200)));
  db.close();
  return { pointReads, oneRowCommits };
}

function perSecond(windowMs: number, work: () => unknown): number {
  const began = performance.now();
  let done = 0;
  while (performance.now() - began < windowMs) {
    work();
    done += 1;
  }
  return rounded((done / (performance.now() - began)) * 1000);
}
