import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACME, freePort } from '@writ/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Command, writ } from './writ.ts';

let scratch = '';
let directory = '';
let data = '';

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'writ-dev-'));
  directory = join(scratch, 'acme');
  data = join(scratch, 'data');
  cpSync(ACME, directory, { recursive: true });
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

async function start(): Promise<{ command: Command; url: string }> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const command = writ([
    'dev',
    directory,
    '--data',
    data,
    '--listen',
    `127.0.0.1:${port}`,
    '--public-url',
    url,
  ]);
  await command.printed('Ctrl-C stops');
  return { command, url };
}

async function stop({ process, ended }: Command): Promise<number | null> {
  process.kill('SIGINT');
  return (await ended).code;
}

test('dev says what it serves, keeps data and keys over a restart, and stops cleanly on Ctrl-C', {
  timeout: 60_000,
}, async () => {
  const first = await start();
  const keys = await (await fetch(`${first.url}/jwks`)).text();
  const checkpoint = await (await fetch(`${first.url}/checkpoint`)).text();
  expect(await stop(first.command)).toBe(0);
  const said = await first.command.ended;
  expect(said.stdout).toContain(`Writ serves ${directory} at ${first.url}`);
  expect(said.stdout).toContain('Try next');
  expect(said.stderr).toContain('stopped; data and keys are kept');

  const second = await start();
  expect(await (await fetch(`${second.url}/jwks`)).text()).toBe(keys);
  expect(await (await fetch(`${second.url}/checkpoint`)).text()).toBe(checkpoint);
  expect(await stop(second.command)).toBe(0);
});

test('a second process on the same store exits with 7 and says who holds it', {
  timeout: 60_000,
}, async () => {
  const { command } = await start();
  const { code, stderr } = await writ(['dev', directory, '--data', data]).ended;
  expect(code).toBe(7);
  expect(stderr).toContain(`is held by process ${command.process.pid}`);
  expect(await stop(command)).toBe(0);
});

test('S3.1 an edited flow is republished without a restart; a broken one changes nothing and says where', {
  timeout: 60_000,
}, async () => {
  const { command } = await start();
  const path = join(directory, 'flows/ci-deploy-token.flow.yaml');
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, good.replace('version: 7', 'version: 8'));
  await command.printed('republished  artefacts');
  writeFileSync(path, good.replace('max: 15m', 'max: soon'));
  await command.printed('ci-deploy-token.flow.yaml:16:20: expected a duration');
  await command.printed('what was in force stays in force');
  expect(await stop(command)).toBe(0);
});

test('what the process keeps is for its owner alone', { timeout: 60_000 }, async () => {
  const { command } = await start();
  for (const file of ['', 'master.key', 'log.key', 'writ.db', 'control.sock', 'trust.policy']) {
    expect(statSync(join(data, file)).mode & 0o077, file).toBe(0);
  }
  expect(await stop(command)).toBe(0);
});

test('W5 serve refuses a public URL without TLS, and an empty store', { timeout: 60_000 }, async () => {
  const plain = await writ(['serve', directory, '--data', data]).ended;
  expect(plain.code).toBe(1);
  expect(plain.stderr).toContain('has no TLS');
  const empty = await writ(['serve', directory, '--data', data, '--public-url', 'https://writ.acme.example'])
    .ended;
  expect(empty.code).toBe(1);
  expect(empty.stderr).toContain('this store is empty; run `writ init DIR` first');
});

test('a port in use is named, with what to do', { timeout: 60_000 }, async () => {
  const { command, url } = await start();
  const port = new URL(url).port;
  const other = join(scratch, 'other');
  const { code, stderr } = await writ(['dev', directory, '--data', other, '--listen', `127.0.0.1:${port}`])
    .ended;
  expect(code).toBe(7);
  expect(stderr).toContain(`127.0.0.1:${port} is in use`);
  expect(await stop(command)).toBe(0);
});
