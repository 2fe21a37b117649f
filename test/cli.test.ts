import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ACME, createDpopKey, startWorld } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writ } from './writ.ts';

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'writ-cli-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('every command has a help with an example', { timeout: 60_000 }, async () => {
  const commands = [
    'init',
    'dev',
    'serve',
    'flow check',
    'flow fmt',
    'flow show',
    'flow explain',
    'identity list',
  ];
  const more = ['identity show', 'freeze', 'explain', 'verify', 'audit', 'doctor'];
  const helps = await Promise.all(
    [...commands, ...more].map((command) => writ([...command.split(' '), '--help']).ended),
  );
  for (const { code, stdout } of helps) {
    expect(code).toBe(0);
    expect(stdout).toMatch(/Example:\n {2}writ /);
  }
});

test('exit 2: a wrong command line says where help is', { timeout: 30_000 }, async () => {
  for (const args of [['nonsense'], ['freeze'], ['identity', 'list', '-o', 'xml']]) {
    const { code, stderr } = await writ(args).ended;
    expect(code, args.join(' ')).toBe(2);
    expect(stderr).toContain('--help');
  }
});

test('S3.10 flow check, show, explain and fmt read a directory without a server', {
  timeout: 60_000,
}, async () => {
  const check = await writ(['flow', 'check', ACME]).ended;
  expect(check.code).toBe(0);
  expect(check.stdout).toMatch(/^ok {2}agent-tool-identity v3 {2}sha256:[0-9a-f]{64}$/m);
  const shown = await writ(['flow', 'show', 'ci-deploy-token', '--dir', ACME]).ended;
  expect(shown.stdout).toContain('Ten-minute deploy token for a release pipeline');
  const rule = await writ(['flow', 'explain', 'ci-deploy-token', 'approval.out-of-hours', '--dir', ACME])
    .ended;
  expect(rule.stdout).toContain('1 of group:release-managers, not the requester or the actor');
  const none = await writ(['flow', 'explain', 'ci-deploy-token', 'policy.permit.nothing', '--dir', ACME])
    .ended;
  expect(none.code).toBe(5);
  const messy = join(scratch, 'messy.yaml');
  writeFileSync(
    messy,
    readFileSync(join(ACME, 'flows/ci-deploy-token.flow.yaml'), 'utf8').replace(
      'issues: token',
      'issues:   token',
    ),
  );
  expect((await writ(['flow', 'fmt', '--check', messy]).ended).code).toBe(1);
  expect((await writ(['flow', 'fmt', messy]).ended).code).toBe(0);
  expect((await writ(['flow', 'fmt', '--check', messy]).ended).code).toBe(0);
});

test('exit 1: flow check lists every mistake with its place', { timeout: 30_000 }, async () => {
  const broken = join(scratch, 'broken');
  const { cpSync } = await import('node:fs');
  cpSync(ACME, broken, { recursive: true });
  const path = join(broken, 'flows/ci-deploy-token.flow.yaml');
  writeFileSync(
    path,
    readFileSync(path, 'utf8')
      .replace('tier: 1', 'tier: 9')
      .replace('evidence.github.event_name', 'evidence.github.event_nam'),
  );
  const { code, stdout } = await writ(['flow', 'check', broken]).ended;
  expect(code).toBe(1);
  expect(stdout).toContain('flows/ci-deploy-token.flow.yaml:7:7: expected one of 0, 1, 2, 3, found `9`');
});

test('S0.15 an issuance is verified offline, explained, frozen and audited from the command line; a changed byte is found', {
  timeout: 60_000,
}, async () => {
  const data = join(scratch, 'data');
  const token = join(scratch, 'token');
  const receipt = join(scratch, 'receipt');
  {
    await using world = await startWorld({ data });
    const { body } = await world.exchange(createDpopKey());
    writeFileSync(token, String(body['access_token']));
    writeFileSync(receipt, String(body['writ_receipt']));

    const listed = await writ(['identity', 'list', '--data', data, '-o', 'name']).ended;
    expect(listed.stdout.split('\n')).toContain('svc-payments');
    expect((await writ(['identity', 'show', 'nobody', '--data', data]).ended).code).toBe(5);

    const explained = await writ(['explain', String(body['writ_run']), '--data', data, '--json']).ended;
    expect(JSON.parse(explained.stdout)).toMatchObject({
      kind: 'issuance',
      live: true,
      record: {
        identity: 'svc-payments',
        owner: 'user:ana',
        decided_by: expect.arrayContaining(['proof.github']),
      },
    });

    const frozen = await writ(['freeze', 'identity:svc-payments', '--reason', 'test', '--data', data]).ended;
    expect(frozen.stdout).toMatch(/^frozen {2}identity:svc-payments {2}ledger #\d+$/m);
    const again = await writ(['freeze', 'identity:svc-payments', '--data', data]).ended;
    expect(again.stdout).toContain('was frozen before');
    expect((await writ(['freeze', 'identity:nobody', '--data', data]).ended).code).toBe(5);
    expect((await writ(['freeze', 'nonsense', '--data', data]).ended).code).toBe(2);

    const refused = await world.exchange(createDpopKey());
    const why = await writ(['explain', String(refused.body['writ_ref']), '--data', data]).ended;
    expect(why.stdout).toContain('gate.freeze');
  }
  const verify = ['--receipt', receipt, '--data', data];
  expect((await writ(['verify', token, ...verify]).ended).code).toBe(0);
  expect((await writ(['verify', '-', ...verify], readFileSync(token, 'utf8')).ended).stdout).toContain(
    'verified',
  );
  const [head = '', body = '', signature = ''] = readFileSync(token, 'utf8').split('.');
  const claims: Record<string, unknown> = JSON.parse(Buffer.from(body, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...claims, scope: 'deploy:write' })).toString('base64url');
  expect((await writ(['verify', '-', ...verify], `${head}.${forged}.${signature}`).ended).code).toBe(8);

  expect((await writ(['audit', '--data', data]).ended).code).toBe(0);
  const db = new DatabaseSync(join(data, 'writ.db'));
  db.exec("UPDATE entries SET record = replace(record, 'deploy:read', 'deploy:raed') WHERE idx = 11");
  db.close();
  const audited = await writ(['audit', '--data', data]).ended;
  expect(audited.code).toBe(8);
  expect(audited.stdout).toMatch(/^11 +\S+ +record-\S+/m);
  expect((await writ(['audit', '--data', join(scratch, 'nowhere')]).ended).code).toBe(5);
});

test('without a server, operator commands say how to start one', { timeout: 30_000 }, async () => {
  const { code, stderr } = await writ(['identity', 'list', '--data', join(scratch, 'nowhere')]).ended;
  expect(code).toBe(1);
  expect(stderr).toContain('no server answers at');
});

test('doctor names what fails and what mends it', { timeout: 30_000 }, async () => {
  const { code, stdout } = await writ(['doctor', scratch, '--data', join(scratch, 'd')]).ended;
  expect(code).toBe(1);
  expect(stdout).toMatch(/^FAIL {2}configuration: /m);
  expect(stdout).toContain('mend: ');
});
