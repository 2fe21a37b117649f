import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '@writ/server/commands';
import { createDpopKey, GITHUB_CLAIMS, startPostgres, startWorld, type World } from '@writ/testkit';
import { afterAll, expect, test } from 'vitest';

const CONFIG = `writ: config/v1
trust-domain: acme.example
public-url: http://localhost:8420
store: { postgres: { url-file: postgres.url } }
`;

const postgres = await startPostgres({ announce: false });
afterAll(async () => postgres?.[Symbol.asyncDispose]());

test.skipIf(postgres === null)(
  'L2 the same job on PostgreSQL: issued, spent once, kept over a restart, frozen, audited',
  {
    timeout: 120_000,
  },
  async () => {
    if (postgres === null) throw new Error('skipped');
    const data = mkdtempSync(join(tmpdir(), 'writ-pg-data-'));
    const files = { 'writ.yaml': CONFIG, 'postgres.url': `${await postgres.createDatabase()}\n` };
    const start = (): Promise<World> => startWorld({ data, files });
    try {
      const kept = await (async () => {
        await using world = await start();
        const subject = world.github.sign({ ...GITHUB_CLAIMS, jti: randomUUID() });
        const answers = await Promise.all(
          Array.from({ length: 16 }, () => world.exchange(createDpopKey(), { subject_token: subject })),
        );
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
        const issued = answers.find(({ status }) => status === 200);
        return {
          token: String(issued?.body['access_token']),
          keys: await (await fetch(`${world.url}/jwks`)).text(),
        };
      })();
      await using world = await start();
      expect(await (await fetch(`${world.url}/jwks`)).text()).toBe(kept.keys);
      await world.running.house.engine.freeze({
        scope: 'identity:svc-payments',
        reason: 'test',
        by: 'local',
      });
      const frozen = await world.exchange(createDpopKey());
      expect(frozen.body).toMatchObject({ error: 'invalid_grant', writ_rule: 'gate.freeze' });
      const report = await audit({ data, directory: world.directory }, () => undefined);
      expect(report.findings).toEqual([]);
      expect(report.size).toBeGreaterThan(9);
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  },
);
