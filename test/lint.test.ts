import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACME } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writ } from './writ.ts';

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'writ-lint-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const CI = 'flows/ci-deploy-token.flow.yaml';
let made = 0;

/** The example with one text of its CI flow replaced. */
function edited(from: string, to: string): string {
  const directory = join(scratch, String(made++));
  cpSync(ACME, directory, { recursive: true });
  const path = join(directory, CI);
  const before = readFileSync(path, 'utf8');
  if (!before.includes(from)) throw new Error(`no ${from}`);
  writeFileSync(path, before.replace(from, to));
  return directory;
}

function lint(...args: string[]) {
  return writ(['flow', 'lint', ...args]).ended;
}

interface Report {
  readonly findings: readonly {
    readonly id: string;
    readonly rule: string;
    readonly place: { readonly file: string; readonly line: number };
    readonly example: { readonly decides: { readonly outcome: string } } | null;
  }[];
  readonly assumed: readonly string[];
}

describe('S3.14 writ flow lint', { timeout: 60_000 }, () => {
  test('exit 0: the example has no errors, and warnings do not fail', async () => {
    const { code, stdout } = await lint(ACME);
    expect([code, stdout.includes('0 errors')]).toEqual([0, true]);
  });

  test('exit 1: an error is told with its place, its rule, what helps and a request that shows it', async () => {
    const { code, stdout, stderr } = await lint(edited('not: [requester, actor]', 'not: none'));
    expect(code).toBe(1);
    expect(stderr).toContain('1 error');
    expect(stdout).toMatch(
      /^flows\/ci-deploy-token\.flow\.yaml:53:5: error W005 ci-deploy-token, approval\.out-of-hours: /m,
    );
    expect(stdout).toContain('  help: put `requester` into `not`');
    expect(stdout).toMatch(
      /person +user:\S+ approved with webauthn, asked as group:release-managers, also owner/,
    );
    expect(stdout).toContain('    decided   issues, and it can be used');
  });

  test('as JSON, with the example as data', async () => {
    const { code, stdout } = await lint(edited('not: [requester, actor]', 'not: none'), '--json');
    const { findings } = JSON.parse(stdout) as Report;
    const [finding] = findings.filter(({ id }) => id === 'W005');
    expect([code, finding?.rule, finding?.place, finding?.example?.decides.outcome]).toEqual([
      1,
      'approval.out-of-hours',
      { file: CI, line: 53, column: 5 },
      'issue',
    ]);
  });

  test('of a file, what is around it counts, and only what is found in it is told', async () => {
    const directory = edited('[dpop, mtls]', '[mtls]');
    const { stdout } = await lint(join(directory, CI), '--json');
    const { findings, assumed } = JSON.parse(stdout) as Report;
    expect(findings.map(({ id }) => id)).toContain('W036');
    expect([...new Set(findings.map(({ place }) => place.file)), assumed]).toEqual([CI, []]);
    const other = await lint(join(directory, 'flows/device-certificate.flow.yaml'));
    expect([other.code, other.stdout.includes('W036')]).toEqual([0, false]);
  });

  test('flows alone are judged by themselves, and what is assumed is said', async () => {
    const { code, stdout } = await lint(join(edited('[dpop, mtls]', '[mtls]'), 'flows'), '--json');
    const { findings, assumed } = JSON.parse(stdout) as Report;
    expect([code, findings.filter(({ id }) => id !== 'W032')]).toEqual([0, []]);
    expect(assumed.some((each) => each.startsWith('anchor github-actions/acme'))).toBe(true);
  });

  test('exit 1: what does not load is told with its place', async () => {
    const { code, stderr } = await lint(edited('tier: 1', 'tier: 9'));
    expect([code, /^flows\/ci-deploy-token\.flow\.yaml:7:7: /m.test(stderr)]).toEqual([1, true]);
  });

  test('exit 2: nothing of that name, two directories', async () => {
    for (const args of [['nowhere'], [ACME, scratch]]) expect((await lint(...args)).code).toBe(2);
  });

  test('a budget of nothing has ruled out nothing', async () => {
    const { code, stdout } = await lint(ACME, '--budget', '0');
    expect([code, /could not be decided, and may be so/.test(stdout)]).toEqual([1, true]);
  });
});
