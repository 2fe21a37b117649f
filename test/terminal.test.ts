import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PeopleWorld, startPeopleWorld, startWorld } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Command, writ } from './writ.ts';

const TIMEOUT = { timeout: 60_000 };

let world: PeopleWorld;
let config = '';
beforeAll(async () => {
  config = mkdtempSync(join(tmpdir(), 'writ-config-'));
  world = await startPeopleWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  rmSync(config, { recursive: true });
});

const run = (...args: readonly string[]): Command => writ(args, '', { XDG_CONFIG_HOME: config });
const kept = (): string => join(config, 'writ/sessions.json');

describe('a terminal', () => {
  test('exit 6: where nobody has signed in', TIMEOUT, async () => {
    const { code, stderr } = await run('whoami').ended;
    expect(code).toBe(6);
    expect(stderr).toContain('writ login');
  });

  test('is let in by a person in a browser, knows who they are, and is signed out', TIMEOUT, async () => {
    const login = run('login', world.url);
    await login.printed('type  ');
    const ana = await world.signedIn('user:ana');
    const shown = /type {2}(?<code>\S+)/.exec(login.said())?.groups?.['code'] ?? '';
    expect((await ana.ask('/api/v1/device/confirm', { user_code: shown })).status).toBe(200);
    const ended = await login.ended;
    expect([ended.code, ended.stdout]).toEqual([0, '']);
    expect(ended.stderr).toContain('signed in as user:ana until ');

    expect(statSync(kept()).mode & 0o777).toBe(0o600);
    const [{ secret = '' } = {}]: { secret?: string }[] = JSON.parse(readFileSync(kept(), 'utf8'));
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(ended.stderr).not.toContain(secret);

    const who = await run('whoami', '--json').ended;
    expect(who.code).toBe(0);
    expect(JSON.parse(who.stdout)).toMatchObject({
      server: world.url,
      person: 'user:ana',
      roles: ['operator', 'administrator'],
    });

    expect((await run('logout').ended).code).toBe(0);
    expect(await world.running.house.engine.people.session(secret)).toBeNull();
    expect((await run('whoami').ended).code).toBe(6);
    expect(readFileSync(kept(), 'utf8')).not.toContain(secret);
  });

  test('sends its session to nobody without TLS but this machine', TIMEOUT, async () => {
    for (const url of [
      'http://writ.acme.example',
      'ftp://localhost',
      'nonsense',
      'http://localhost.evil.example',
    ])
      expect((await run('login', url).ended).code).toBe(2);
  });

  test('says where no server is', TIMEOUT, async () => {
    const { code, stderr } = await run('login', 'http://127.0.0.1:1').ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('127.0.0.1:1')]);
  });
});

describe('the first administrator', () => {
  test('gets a link that is printed once, over the operator socket', TIMEOUT, async () => {
    const invited = await run('invite', '--first', 'user:ana', '--data', world.data).ended;
    expect(invited.code).toBe(0);
    expect(invited.stdout).toMatch(new RegExp(`^${world.url}/enrol#[A-Za-z0-9_-]{43}\\n$`));
    expect(invited.stderr).toContain('user:ana alone, once, until');
  });

  test.each([
    ['user:rui', 3],
    ['user:nobody', 5],
  ])('is one by their role: %s, exit %d', TIMEOUT, async (person, exit) => {
    const { code, stdout } = await run('invite', '--first', person, '--data', world.data).ended;
    expect([code, stdout]).toEqual([exit, '']);
  });

  test('is the only one who is invited so', TIMEOUT, async () => {
    expect((await run('invite', 'user:ana', '--data', world.data).ended).code).toBe(2);
  });

  test('has no link where the server is known by an address', TIMEOUT, async () => {
    await using plain = await startWorld();
    const { code, stderr } = await run('invite', '--first', 'user:ana', '--data', plain.data).ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('a passkey needs a host name')]);
  });
});
