import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonOf, parseYaml } from '@writ/flow';
import { startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Command, type Ended, writ } from '../writ.ts';

const SLOW = { timeout: 60_000 };

let world: World;
let scratch: string;
const secrets = new Map<string, string>();
let named = 0;

beforeAll(async () => {
  world = await startWorld({ host: 'localhost' });
  scratch = mkdtempSync(join(tmpdir(), 'writ-cli-runs-'));
  for (const person of ['user:rui', 'user:mei', 'user:ana']) secrets.set(person, await signIn(person));
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

/** The session of a sample person of `writ dev`. */
async function signIn(person: string): Promise<string> {
  const answer = await fetch(`${world.url}/dev/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: world.url },
    body: JSON.stringify({ person }),
  });
  return /^writ=([\w-]+);/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
}

/** Starts a command as this person; null: as nobody, who has never signed in. */
function start(person: string | null, args: readonly string[], input = ''): Command {
  process.env['WRIT_SESSION'] = person === null ? '' : (secrets.get(person) ?? '');
  process.env['WRIT_URL'] = world.url;
  process.env['XDG_CONFIG_HOME'] = join(scratch, 'config');
  try {
    return writ(args, input);
  } finally {
    delete process.env['WRIT_SESSION'];
    delete process.env['WRIT_URL'];
    delete process.env['XDG_CONFIG_HOME'];
  }
}

const as = async (person: string | null, args: readonly string[], input = ''): Promise<Ended> =>
  start(person, args, input).ended;

/** A document in YAML, read as strictly as ours are. */
function parse(text: string): unknown {
  const { root, problems } = parseYaml('stdout', text);
  if (root === null) throw new Error(JSON.stringify(problems));
  return jsonOf(root);
}

/** A manifest of a service that nobody has asked for; `changes` over its members. */
function manifest(changes: Readonly<Record<string, string>> = {}): { file: string; name: string } {
  named += 1;
  const name = `svc-${named}`;
  const members: Readonly<Record<string, string>> = {
    name,
    kind: 'service-account',
    owner: 'group:platform-security',
    deputy: 'user:rui',
    purpose: 'monthly reports',
    environment: 'staging',
    expires: new Date(Date.now() + 80 * 86_400_000).toISOString().replace(/\.\d+Z/, 'Z'),
    ...changes,
  };
  const lines = Object.entries(members).map(([key, value]) => `  ${key}: ${value}`);
  const text = `# asked for by a test\nflow: identity-issue\nidentity:\n${lines.join('\n')}\naudience: https://reports.acme.example\nscopes: [reports:read]\nfields: { ticket: SEC-1, environments: [staging] }\n`;
  const file = join(scratch, `${name}.yaml`);
  writeFileSync(file, text);
  return { file, name };
}

async function asked(): Promise<{ run: string; name: string }> {
  const { file, name } = manifest();
  const { stdout, stderr, code } = await as('user:rui', ['request', file, '-o', 'name']);
  if (code !== 0) throw new Error(stderr);
  return { run: stdout.trim(), name };
}

describe('writ request', () => {
  test('S2.6 asks, and is approved by somebody else; the waiting one hears of each step', SLOW, async () => {
    const { file, name } = manifest();
    const waiting = start('user:rui', ['request', file, '--wait=30s', '--json']);
    await waiting.printed('waits for owner-accepts: 1 of 1 by group:platform-security');
    const inbox = await as('user:mei', ['inbox', '--json']);
    const items: { run: string; identity: string; because: string }[] = JSON.parse(inbox.stdout);
    const item = items.find(({ identity }) => identity === name);
    expect(item?.because).toContain('group:platform-security');
    const approved = await as('user:mei', ['approve', item?.run ?? '', '--as-sample']);
    expect([approved.code, approved.stderr]).toEqual([
      0,
      'signed by the software passkey of a sample person\n',
    ]);
    expect(approved.stdout).toMatch(/^state {5}issued$/m);
    const { code, stdout, stderr } = await waiting.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/approved by user:mei for owner-accepts/);
    expect(JSON.parse(stdout)).toMatchObject({ identity: name, state: 'issued' });
    const shown = await as('user:rui', ['identity', 'show', name, '-o', 'yaml']);
    expect(parse(shown.stdout)).toMatchObject({ name, owner: 'group:platform-security', revision: 1 });
  });

  test('takes the same as JSON from standard input', SLOW, async () => {
    const { file } = manifest();
    const body: unknown = parse(readFileSync(file, 'utf8'));
    const { code, stdout } = await as('user:rui', ['request', '-', '-o', 'name'], JSON.stringify(body));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^run_[\w-]+\n$/)]);
  });

  test('exit 4: what still waits says how to go on', SLOW, async () => {
    const { file } = manifest();
    const { code, stderr } = await as('user:rui', ['request', file, '--wait=1s']);
    expect(code).toBe(4);
    expect(stderr).toMatch(/the run still waits; look again with `writ wait run_[\w-]+`/);
  });

  test('exit 4: interrupting leaves the run alive, and says how to go on', SLOW, async () => {
    const { file } = manifest();
    const waiting = start('user:rui', ['request', file, '--wait']);
    await waiting.printed('waits for owner-accepts');
    waiting.process.kill('SIGINT');
    const { code, stderr } = await waiting.ended;
    expect(code).toBe(4);
    const run = /writ wait (run_[\w-]+)/.exec(stderr)?.[1] ?? '';
    expect((await as('user:rui', ['run', 'show', run])).stdout).toMatch(/^state {5}waiting, until/m);
  });

  test('exit 3: a denial ends the wait, with who and why', SLOW, async () => {
    const { file } = manifest();
    const waiting = start('user:rui', ['request', file, '--wait=30s']);
    await waiting.printed('waits for owner-accepts');
    const listed = await as('user:rui', ['run', 'list', '--json']);
    const runs: { run: string; state: string }[] = JSON.parse(listed.stdout);
    const run = runs.findLast(({ state }) => state === 'waiting')?.run ?? '';
    const denied = await as('user:ana', ['deny', run, '--reason', 'no such report']);
    expect(denied.code).toBe(0);
    const { code, stderr } = await waiting.ended;
    expect(code).toBe(3);
    expect(stderr).toContain('denied by user:ana for owner-accepts: no such report');
  });

  test('S0.8 exit 1: everything that is missing is said at once', SLOW, async () => {
    const { file } = manifest();
    writeFileSync(file, 'flow: identity-issue\nidentity: { name: svc-x, kind: device }\n');
    const { code, stdout, stderr } = await as('user:rui', ['request', file]);
    expect([code, stdout]).toEqual([1, '']);
    for (const member of [
      'identity.owner',
      'identity.purpose',
      'identity.expires',
      'scopes',
      'identity.attributes.serial',
    ])
      expect(stderr).toContain(`\`${member}\` is missing; `);
  });

  test('exit 3: a refusal says why, and what explains it', SLOW, async () => {
    const { file } = manifest({ owner: 'user:rui' });
    const { code, stderr } = await as('user:rui', ['request', file]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/why: writ explain ref_[0-9a-f]+/);
    const preview = await as('user:rui', ['request', file, '--preview', '--json']);
    expect([preview.code, JSON.parse(preview.stdout)]).toEqual([
      3,
      expect.objectContaining({ outcome: 'refused' }),
    ]);
  });

  test('exit 7: another request under the same key, and a revision that is no more', SLOW, async () => {
    const { file, name } = manifest();
    expect((await as('user:rui', ['request', file, '--key', `k-${name}`])).code).toBe(0);
    expect((await as('user:rui', ['request', file, '--key', `k-${name}`])).stderr).toContain('before');
    const other = manifest();
    expect((await as('user:rui', ['request', other.file, '--key', `k-${name}`])).code).toBe(7);
    const stale = manifest({ name: 'svc-payments' });
    const text = readFileSync(stale.file, 'utf8');
    writeFileSync(stale.file, `replaces: 9\n${text}`);
    expect((await as('user:ana', ['request', stale.file])).code).toBe(7);
  });

  test.each([
    ['exit 5: no such file', ['request', 'no-such.yaml'], 5],
    ['exit 2: what is no time', ['request', '-', '--wait=soon'], 2],
    ['exit 2: what is no map', ['request', '-'], 2],
    ['exit 5: no such run', ['run', 'show', 'run_nothing'], 5],
    ['exit 5: no such identity', ['identity', 'show', 'svc-nothing'], 5],
    ['exit 2: a denial without a reason', ['deny', 'run_x'], 2],
  ])('%s', SLOW, async (_, args, expected) => {
    const { code, stdout } = await as('user:rui', args, '- a list\n');
    expect([code, stdout]).toEqual([expected, '']);
  });
});

describe('deciding from a terminal', () => {
  test('approve prints the page, and waits until it has happened there', SLOW, async () => {
    const { run } = await asked();
    const waiting = start('user:mei', ['approve', run]);
    await waiting.printed(`${world.url}/approve/${run}`);
    expect((await as('user:mei', ['approve', run, '--as-sample'])).code).toBe(0);
    const { code, stdout } = await waiting.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^decided {3}approved by user:mei for owner-accepts/m);
  });

  test('exit 3: whoever asked cannot approve, by whatever way', SLOW, async () => {
    const { run } = await asked();
    for (const more of [
      [],
      ['--as-sample'],
      ['--rule', 'owner-accepts'],
      ['--as-sample', '--rule', 'other'],
    ]) {
      const { code, stderr } = await as('user:rui', ['approve', run, ...more]);
      expect([code, stderr]).toEqual([3, 'writ: nothing of this run waits for you\n']);
    }
  });

  test('exit 7: what has ended is decided no more', SLOW, async () => {
    const { run } = await asked();
    expect((await as('user:rui', ['cancel', run])).stdout).toMatch(/^state {5}cancelled$/m);
    for (const args of [
      ['cancel', run],
      ['approve', run],
      ['deny', run, '--reason', 'late'],
    ])
      expect((await as(args[0] === 'cancel' ? 'user:rui' : 'user:mei', args)).code).toBe(7);
    expect((await as('user:rui', ['wait', run])).code).toBe(3);
  });
});

describe('who asks', () => {
  test('exit 6: nobody is signed in', SLOW, async () => {
    for (const args of [['inbox'], ['run', 'list'], ['approve', 'run_x'], ['identity', 'list']]) {
      const { code, stderr } = await as(null, args);
      expect([args[0], code]).toEqual([args[0], 6]);
      expect(stderr).toContain('writ login');
    }
    secrets.set('user:nobody', 'A'.repeat(43));
    expect((await as('user:nobody', ['inbox'])).code).toBe(6);
  });

  test('identities come over the API for who is signed in, over the socket for operators', SLOW, async () => {
    const mine = await as('user:ana', ['identity', 'list', '--owner', 'user:ana', '--json']);
    expect(JSON.parse(mine.stdout)).toEqual([
      expect.objectContaining({ name: 'svc-payments', because: expect.any(String) }),
    ]);
    const all = await as(null, ['identity', 'list', '--data', world.data, '-o', 'name']);
    expect(all.stdout).toContain('edge-0042\n');
    const [yaml, ndjson] = await Promise.all(
      ['yaml', 'ndjson'].map(async (format) => as('user:ana', ['identity', 'list', '-o', format])),
    );
    expect(parse(yaml?.stdout ?? '')).toEqual(
      (ndjson?.stdout ?? '')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  });
});
