import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACME } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, writ } from './writ.ts';

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'writ-flow-tests-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const CI = 'flows/ci-deploy-token.test.yaml';
let made = 0;

/** The example in a directory of its own, with texts of one of its files replaced. */
function edited(path: string, ...edits: readonly (readonly [from: string, to: string])[]): string {
  const directory = join(scratch, String(made++));
  cpSync(ACME, directory, { recursive: true });
  let text = readFileSync(join(directory, path), 'utf8');
  for (const [from, to] of edits) {
    if (!text.includes(from)) throw new Error(`no ${from}`);
    text = text.replace(from, to);
  }
  writeFileSync(join(directory, path), text);
  return directory;
}

async function run(...args: string[]): Promise<Ended> {
  return writ(['flow', 'test', ...args]).ended;
}

const TESTED = [
  'agent-tool-identity',
  'change',
  'ci-deploy-token',
  'device-certificate',
  'identity-issue',
  'integration-api-key',
  'service-token',
];

interface Report {
  readonly elapsed_ms: number;
  readonly files: readonly {
    readonly flow: string;
    readonly tests: readonly { readonly failures: readonly string[] }[];
    readonly properties: readonly { readonly holds: boolean }[];
    readonly coverage: {
      readonly rules: { readonly noticed: number; readonly all: number; readonly missed: readonly string[] };
      readonly mutants?: { readonly missed: readonly string[]; readonly equivalent: readonly string[] };
    };
  }[];
}

describe('the example', () => {
  test('S3.4 has tests that decide every rule of every flow, and notice every mutant', async () => {
    const { code, stdout, stderr } = await run(ACME, '--mutants', '--json');
    expect(stderr.replaceAll(/^npm warn.*\n/gm, '')).not.toContain('writ:');
    expect(code).toBe(0);
    // INVARIANT: it is what the command prints; the expectations below hold it to its shape.
    const report = JSON.parse(stdout) as Report;
    expect(report.files.map(({ flow }) => flow)).toEqual(TESTED);
    expect(report.elapsed_ms).toBeGreaterThan(0);
    for (const { flow, tests, properties, coverage } of report.files) {
      expect(tests.filter(({ failures }) => failures.length > 0)).toEqual([]);
      expect(tests.length, flow).toBeGreaterThan(5);
      expect(properties.filter(({ holds }) => !holds)).toEqual([]);
      expect(coverage.rules.missed).toEqual([]);
      expect(coverage.rules.noticed).toBe(coverage.rules.all);
      expect(coverage.mutants?.missed).toEqual([]);
    }
  });

  test('ends by saying how much was decided, and how long it took', async () => {
    const { code, stdout } = await run(join(ACME, CI), '--coverage');
    expect(stdout).toMatch(/^tests 20\/20 · rules 11\/11 decisive {2}in \d+\.\d s$/m);
    expect(code).toBe(0);
  });
});

describe('a test that does not come out as it says', () => {
  test('fails, and says what was found instead', async () => {
    const directory = edited(CI, [
      'expect: { outcome: issued, ttl: 10m',
      'expect: { outcome: issued, ttl: 9m',
    ]);
    const { code, stdout } = await run(join(directory, CI));
    expect(stdout).toContain('FAILED');
    expect(stdout).toContain('ttl: expected `540`, found `600`');
    expect(code).toBe(1);
  });

  test.each([
    // The real engine decides: a step that cannot happen is not passed over.
    [
      'by: user:rui, as: group:release-managers }\n        expect: { outcome: issued',
      'by: user:mei, as: group:release-managers }\n        expect: { outcome: issued',
      'is not in `group:release-managers`',
    ],
    [
      'by: user:rui, as: group:release-managers }\n        expect: { outcome: issued',
      'by: user:mei }\n        expect: { outcome: issued',
      'outcome: expected `issued`, found `waiting`',
    ],
    ['refused-approval: requester }', 'refused-approval: actor2 }', 'refused-approval: expected `actor2`'],
    [
      'mutate: { request.ttl: 5m }',
      'mutate: { request.ttl: 10m }',
      'outcome: expected `waiting`, found `issued`',
    ],
    ['advance: 2h1s', 'advance: 1h59m', 'outcome: expected `refused`, found `issued`'],
    [
      'event: freeze identity:svc-payments',
      'event: freeze identity:billing-export',
      'outcome: expected `refused`, found `issued`',
    ],
    ['mutate: { request.ttl: 9m }', 'mutate: { now: 2026-07-02T10:00:00Z }', 'time passes by `advance`'],
    [
      'deny: { rule: out-of-hours, by: user:rui }',
      'deny: { rule: out-of-hours, by: user:mei }',
      'does not decide `out-of-hours`',
    ],
    ['fixtures/github-release-run.json', 'fixtures/another.json', 'cannot be read as a JSON object'],
    ['target: production }', 'traget: production }', 'outcome: expected `issued`, found `refused`'],
  ])('%j made %j', async (from, to, told) => {
    const directory = edited(CI, [from, to]);
    const { code, stdout } = await run(join(directory, CI));
    expect(stdout).toContain(told);
    expect(code).toBe(1);
  });
});

describe('the mutants of coverage are what the engine would do', () => {
  const FLOW = 'flows/ci-deploy-token.flow.yaml';

  test.each([
    ['not: [requester, actor]', 'not: [actor]', 'who owns the identity approves no run of it'],
    ['max: 15m, default: 10m', 'max: 30m, default: 10m', 'whatever their right says'],
    ['expires: 2h', 'expires: 4h', 'approval after two hours is worthless'],
    [
      'revoke-on: [owner.offboarded, anchor.withdrawn]',
      'revoke-on: [owner.offboarded]',
      'release branch gets a ten minute token',
    ],
    ['max-age: 5m\n      match', 'max-age: 10m\n      match', 'a token of six minutes ago is too old'],
  ])('%j made %j fails a test', async (from, to, name) => {
    const directory = edited(FLOW, [from, to]);
    const { code, stdout } = await run(join(directory, CI));
    const failed = stdout.split('\n').filter((line) => line.startsWith('FAILED'));
    expect(failed.join('\n')).toContain(name);
    expect(code).toBe(1);
  });
});

describe('what bars a flow', () => {
  test('S3.4 a rule that no test decides any more is a shortfall', async () => {
    const text = readFileSync(join(ACME, CI), 'utf8');
    const from = text.indexOf("  - name: our code on somebody else's pull request");
    const to = text.indexOf('  - name:', from + 5);
    const directory = edited(CI, [text.slice(from, to), '']);
    const { code, stdout, stderr } = await run(join(directory, CI), '--coverage');
    expect(stdout).toContain('no test decides: delete policy.forbid.base-code-for-a-fork');
    expect(stderr).toContain('rules 10/11 is less than the 100%');
    expect(code).toBe(1);
    const suggested = await run(join(directory, CI), '--suggest');
    expect(suggested.stdout).toContain(
      '    given: { from: release, with: { evidence.github.event_name: pull_request_target } }\n    expect: { outcome: refused, stage: policy }',
    );
  });

  test('a survivor that the file allows is none', async () => {
    const directory = edited(
      CI,
      [
        '              activate: issued, revoke-on: [owner.offboarded, anchor.withdrawn] }',
        '              activate: issued }',
      ],
      [
        'allow-survivors: []',
        'allow-survivors: ["delete lifecycle.revoke-on.owner.offboarded", "delete lifecycle.revoke-on.anchor.withdrawn"]',
      ],
    );
    const { code, stdout } = await run(join(directory, CI), '--mutants');
    expect(stdout).toContain('survives: delete lifecycle.revoke-on.owner.offboarded');
    expect(code).toBe(0);
  });

  test('a property that some request breaks is shown with the request', async () => {
    const directory = edited(CI, ['grant.ttl > duration("15m")', 'grant.ttl > duration("14m")']);
    const { code, stdout } = await run(join(directory, CI));
    expect(stdout).toContain('BROKEN');
    expect(stdout).toMatch(/request +audience https:\/\/deploy\.acme\.example .*ttl 15m/);
    expect(code).toBe(1);
  });

  test('a mistake in a test file is told where it stands, and artefacts with it do not load for tests', async () => {
    const directory = edited(CI, ['outcome: issued, ttl: 10m', 'outcome: granted, ttl: 10m']);
    const { code, stderr } = await run(join(directory, CI));
    expect(stderr).toMatch(/ci-deploy-token\.test\.yaml:\d+:\d+: expected one of issued, waiting, refused/);
    expect(code).toBe(1);
    expect((await writ(['flow', 'check', directory]).ended).code).toBe(0);
  });

  test('exit codes: a path that is not there is a wrong command line; no tests are nothing of that name', async () => {
    expect((await run(join(scratch, 'nowhere'))).code).toBe(2);
    const directory = edited(CI);
    for (const flow of TESTED) rmSync(join(directory, `flows/${flow}.test.yaml`));
    expect((await run(directory)).code).toBe(5);
  });
});
