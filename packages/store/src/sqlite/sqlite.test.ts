import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { issuance, many } from '../conformance/commits.ts';
import {
  checkLog,
  crashProgram,
  describeStore,
  logOptions,
  type Place,
  START,
} from '../conformance/conformance.ts';
import { sha256 } from '../conformance/place.ts';
import { openSqlite, openSqliteReader } from './sqlite.ts';

const DRIVER = new URL('./sqlite.ts', import.meta.url);
const program = crashProgram(DRIVER, 'driver.openSqlite({ ...options, path: address })');

interface SqlitePlace extends Place {
  readonly path: string;
}

async function newPlace(): Promise<SqlitePlace> {
  const directory = mkdtempSync(join(tmpdir(), 'writ-store-'));
  const path = join(directory, 'writ.db');
  return {
    path,
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

/** Runs a module over `driver` and `options` in a process of its own; what it prints. */
async function inProcess(code: string, parameters: readonly string[], shell = ''): Promise<string> {
  const module = `
    import * as driver from '${DRIVER.href}';
    import { logOptions } from '${new URL('../conformance/place.ts', import.meta.url).href}';
    import { issuance } from '${new URL('../conformance/commits.ts', import.meta.url).href}';
    const options = logOptions();
    const [, path] = process.argv;
    ${code}`;
  const command = `${shell} exec "$@"`;
  const node = [process.execPath, '--conditions=writ:source', '--input-type=module', '--eval', module];
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command, 'sh', ...node, ...parameters]);
  return stdout.trim();
}

describe('the owner of a sqlite store', () => {
  test('is named to a second process, which is refused at once', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const said = await inProcess(
      'await driver.openSqlite({ ...options, path }).catch((error) => console.log(error.code, error.message));',
      [place.path],
    );
    expect(said).toMatch(`conflict the store \`${place.path}\` is held by process ${process.pid} on `);
    expect(said).toMatch(/since 2026-11-22T00:00:00\.000Z: stop that process, or open another store$/u);
    expect(await checkLog(store)).toBe(0);
  });

  test('is one in one process too, also by another name of the file', async () => {
    await using place = await newPlace();
    await using holder = await place.open();
    await expect(place.open()).rejects.toMatchObject({ code: 'conflict' });
    const alias = `${place.path}.alias`;
    symlinkSync(place.path, alias);
    await expect(openSqlite({ ...logOptions(), path: alias })).rejects.toMatchObject({ code: 'conflict' });
    expect(await checkLog(holder)).toBe(0);
  });

  test('keeps its files from other users', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    await store.commit(issuance('1'));
    for (const suffix of ['', '-wal', '.holder']) {
      expect(statSync(place.path + suffix).mode & 0o077, suffix).toBe(0);
    }
  });
});

describe('a sqlite store', () => {
  test('of a newer schema is refused', async () => {
    await using place = await newPlace();
    await (await place.open())[Symbol.asyncDispose]();
    await place.tamper('INSERT INTO schema_steps VALUES (99)');
    await expect(place.open()).rejects.toMatchObject({ code: 'conflict', message: /run the newer program/u });
  });

  test('in a directory that is not there is refused with what to do', async () => {
    await using place = await newPlace();
    const path = `${place.path}/no/writ.db`;
    await expect(openSqlite({ ...logOptions(), path })).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('that is no database is refused with what to do', async () => {
    await using place = await newPlace();
    writeFileSync(place.path, 'x'.repeat(5000));
    await expect(place.open()).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('L2 restored from an older backup serves reads and refuses to fork the log', async () => {
    await using place = await newPlace();
    {
      await using store = await place.open();
      await store.commit(issuance('1'));
    }
    copyFileSync(place.path, `${place.path}.backup`);
    {
      await using store = await place.open();
      await store.commit(issuance('2'));
    }
    copyFileSync(`${place.path}.backup`, place.path);
    await using store = await place.open();
    await expect(store.commit(issuance('other'))).rejects.toMatchObject({
      code: 'unavailable',
      message: /^fork danger: entry 2 was published, and the database ends at 1/u,
    });
    expect(await checkLog(store)).toBe(1);
  });

  test('L2 of the published size with another history is not written to', async () => {
    await using place = await newPlace();
    await using other = await newPlace();
    for (const each of [place, other]) {
      await using store = await each.open();
      await store.commit(issuance('1'));
    }
    copyFileSync(other.path, place.path);
    await using store = await place.open();
    await expect(store.commit(issuance('2'))).rejects.toMatchObject({ message: /holds another history/u });
  });

  test('L2 with a mark that no key of the log signed is refused', async () => {
    await using place = await newPlace();
    await (await place.open())[Symbol.asyncDispose]();
    writeFileSync(`${place.path}.high-water`, 'log\n0\n\n');
    await expect(place.open()).rejects.toMatchObject({ code: 'verification-failed' });
  });

  test('L7 on a disk that takes no more issues nothing, serves reads, and loses nothing', async () => {
    await using place = await newPlace();
    const said = await inProcess(
      `const store = await driver.openSqlite({ ...options, path });
       let written = 0;
       try {
         for (;; written++) await store.commit(issuance('id' + written));
       } catch (error) {
         const again = await store.commit(issuance('again')).catch(({ code }) => code);
         const { size } = await store.read.tree();
         console.log(JSON.stringify([error.code, again, size === written, written]));
       }`,
      [place.path],
      `trap '' XFSZ; ulimit -f 1024;`,
    );
    const [first, again, whole, written] = JSON.parse(said);
    expect([first, again, whole]).toEqual(['unavailable', 'unavailable', true]);
    await using store = await place.open();
    expect(await checkLog(store)).toBe(written);
  });

  test('forgets keys and windows only when their time has passed', async () => {
    let now = START;
    await using place = await newPlace();
    await using store = await place.open({ now: () => now });
    await store.commit(issuance('1'));
    const keys = (): number => {
      const db = new DatabaseSync(place.path, { readOnly: true });
      const row = db.prepare('SELECT count(*) AS n FROM consumed').get();
      db.close();
      return Number(row?.['n']);
    };
    const counts = [];
    for (const at of [60_000, 120_001, 660_000, 720_001]) {
      now = START + at;
      await store.commit({ ...issuance('1'), consume: [], append: null });
      counts.push(keys());
    }
    expect(counts).toEqual([2, 1, 1, 0]);
  });

  test('is read beside its owner, and without one', async () => {
    await using place = await newPlace();
    {
      await using store = await place.open();
      await store.commit(issuance('1'));
      using beside = openSqliteReader(place.path, sha256);
      await store.commit(issuance('2'));
      expect(await checkLog({ read: beside.reader })).toBe(2);
    }
    using alone = openSqliteReader(place.path, sha256);
    expect(await checkLog({ read: alone.reader })).toBe(2);
    expect(() => openSqliteReader(`${place.path}.none`, sha256)).toThrow(/cannot be read/u);
  });

  test('takes 200 concurrent issuances in few transactions', async () => {
    let transactions = 0;
    await using place = await newPlace();
    await using store = await place.open({
      fault: (step) => void (transactions += step === 'locked' ? 1 : 0),
    });
    await Promise.all(many(200, (n) => store.commit(issuance(`${n}`))));
    expect(transactions).toBe(1);
    expect(await checkLog(store)).toBe(200);
  });
});
