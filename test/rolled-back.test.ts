import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { audit } from '@writ/server/commands';
import { createDpopKey, startWorld } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

let data = '';
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'writ-rolled-back-'));
});
afterAll(() => rmSync(data, { recursive: true }));

test('an audit finds a database that is older than what was published, though it is whole in itself', async () => {
  const world = await startWorld({ data });
  const database = new DatabaseSync(join(data, 'writ.db'), { readOnly: true });
  database.exec(`VACUUM INTO '${join(data, 'backup.db')}'`);
  database.close();
  expect((await world.exchange(createDpopKey())).status).toBe(200);
  await world[Symbol.asyncDispose]();
  expect((await audit({ data }, () => undefined)).findings).toEqual([]);

  copyFileSync(join(data, 'backup.db'), join(data, 'writ.db'));
  for (const suffix of ['-wal', '-shm']) rmSync(join(data, `writ.db${suffix}`), { force: true });
  const { findings } = await audit({ data }, () => undefined);
  expect(findings).toEqual([expect.objectContaining({ rule: 'rolled-back', severity: 'critical' })]);
});
