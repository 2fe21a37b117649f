import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { checkStoredLog, sha256 } from '@writ/server';
import { createDpopKey, startWorld } from '@writ/testkit';
import { expect, test } from 'vitest';

test('L2 a bit that flips under a running server is found by its own check, before an auditor comes', async () => {
  await using world = await startWorld();
  await world.exchange(createDpopKey());
  const { store, logKey, origin } = world.running.house;
  const check = (): Promise<void> => checkStoredLog(store.read, sha256, logKey.verifier, origin);
  await expect(check()).resolves.toBeUndefined();
  await expect(checkStoredLog(store.read, sha256, logKey.verifier, 'other.example/writ')).rejects.toThrow(
    /origin|other/,
  );

  const db = new DatabaseSync(join(world.data, 'writ.db'));
  const [tile] = db.prepare('SELECT hashes FROM tiles WHERE level = 0 AND idx = 0').all();
  const hashes = Buffer.from(tile?.['hashes'] instanceof Uint8Array ? tile['hashes'] : []);
  hashes.writeUInt8(hashes.readUInt8(5) ^ 1, 5);
  db.prepare('UPDATE tiles SET hashes = ? WHERE level = 0 AND idx = 0').run(hashes);
  db.close();
  await expect(check()).rejects.toMatchObject({ code: 'verification-failed' });
});
