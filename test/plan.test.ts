import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACME } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writ } from './writ.ts';

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'writ-plan-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let made = 0;

/** The example, or its flows alone, with one text of one file replaced. */
function proposed(only: 'all' | 'flows', file = '', from = '', to = ''): string {
  const directory = join(scratch, String(made++));
  if (only === 'all') cpSync(ACME, directory, { recursive: true });
  else {
    mkdirSync(directory);
    cpSync(join(ACME, 'flows'), join(directory, 'flows'), { recursive: true });
  }
  if (file !== '') {
    const path = join(directory, file);
    const before = readFileSync(path, 'utf8');
    if (!before.includes(from)) throw new Error(`no ${from}`);
    writeFileSync(path, before.replace(from, to));
  }
  return directory;
}

const CI = 'flows/ci-deploy-token.flow.yaml';
const AGENT = 'flows/agent-tool-identity.flow.yaml';

async function plan(old: string, fresh: string, ...more: string[]) {
  return writ(['plan', '--from', old, fresh, ...more]).ended;
}

interface Change {
  readonly flow: string;
  readonly change: string;
  readonly verdict: string;
  readonly rules: readonly string[];
  readonly witness: { readonly new: { readonly outcome: string } };
}

async function changes(old: string, fresh: string): Promise<readonly Change[]> {
  const { stdout, stderr } = await plan(old, fresh, '--json');
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { changes: readonly Change[] }).changes;
}

describe('S3.12 writ plan, over directories of flows alone', { timeout: 60_000 }, () => {
  test('what does not change needs nothing: exit 0', async () => {
    const { code, stdout } = await plan(proposed('flows'), proposed('flows'), '--detailed-exitcode');
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'no flow changes']);
  });

  test('what widens is shown with a request, its stage and its rule: exit 11', async () => {
    const fresh = proposed('flows', AGENT, 'facts.risk.score >= 30', 'facts.risk.score >= 40');
    const { code, stdout } = await plan(proposed('flows'), fresh, '--detailed-exitcode');
    expect(code).toBe(11);
    expect(stdout).toMatch(/WIDER {3}stage: approval {3}rule: approval\.step-up-risk/);
    expect(stdout).toContain('score 30');
    expect(stdout).toMatch(/old {2}waits for step-up-risk: 1 × proof:person with webauthn\n +new {2}issues/);
    expect(stdout).toContain('DEPENDS   the members of group:security-reviewers');
    expect(stdout).toContain('ASSUMED   rights: no file');
  });

  test('what narrows shows what is refused now: exit 10', async () => {
    const fresh = proposed('flows', AGENT, 'facts.risk.score >= 30', 'facts.risk.score >= 20');
    const { code, stdout } = await plan(proposed('flows'), fresh, '--detailed-exitcode');
    expect([code, /NARROWER/.test(stdout)]).toEqual([10, true]);
  });

  test('a flow that is added widens, one that is taken away narrows', async () => {
    const fewer = proposed('flows');
    rmSync(join(fewer, CI));
    const [added] = await changes(fewer, proposed('flows'));
    expect([added?.flow, added?.change, added?.verdict, added?.witness.new.outcome]).toEqual([
      'ci-deploy-token',
      'added',
      'wider',
      'issue',
    ]);
    const [removed] = await changes(proposed('flows'), fewer);
    expect([removed?.change, removed?.verdict]).toEqual(['removed', 'narrower']);
  });

  test('a budget of nothing knows nothing, and that counts as wider', async () => {
    const fresh = proposed('flows', CI, 'ref_protected == "true"', 'ref_protected == "false"');
    const { code, stdout } = await plan(proposed('flows'), fresh, '--budget', '0', '--detailed-exitcode');
    expect([code, /UNKNOWN — the budget is exhausted; treated as WIDER/.test(stdout)]).toEqual([11, true]);
  });

  test('Markdown for a review', async () => {
    const fresh = proposed('flows', CI, 'pop: [dpop, mtls]', 'pop: [dpop, mtls, none]');
    const { code, stdout } = await plan(proposed('flows'), fresh, '--markdown');
    expect([code, stdout.split('\n')[2]]).toEqual([0, '| ci-deploy-token | **WIDER** | bind | `bind.pop` |']);
  });

  test('what does not load is told with its place: exit 1', async () => {
    const fresh = proposed('flows', CI, 'request.target == "production"', 'request.nothing == "production"');
    const { code, stderr } = await plan(proposed('flows'), fresh);
    expect([code, stderr.includes('ci-deploy-token.flow.yaml:')]).toEqual([1, true]);
  });
});

describe('S3.12 S3.13 writ plan, with rights and guardrails around the flows', { timeout: 60_000 }, () => {
  test('a right that lets a longer life widens within what the flow gives', async () => {
    const rights = 'rights/deploy.yaml';
    const [change] = await changes(proposed('all', rights, 'max-ttl: 15m', 'max-ttl: 5m'), proposed('all'));
    expect([change?.flow, change?.change, change?.verdict, change?.rules]).toEqual([
      'ci-deploy-token',
      'surroundings',
      'wider',
      ['right'],
    ]);
    expect(await changes(proposed('all'), proposed('all', rights, 'max-ttl: 15m', 'max-ttl: 20m'))).toEqual(
      [],
    );
  });

  test('a binding that a guardrail does not allow widens nothing', async () => {
    const fresh = proposed('all', CI, 'pop: [dpop, mtls]', 'pop: [dpop, mtls, none]');
    expect((await changes(proposed('all'), fresh)).map(({ verdict }) => verdict)).toEqual(['same']);
  });

  test('a guardrail loosened widens where the flow had more to give', async () => {
    const file = 'guardrails.yaml';
    const strict = proposed('all', file, 'max-ttl: 1h', 'max-ttl: 5m');
    const found = await changes(strict, proposed('all'));
    expect(found.map(({ flow, verdict }) => [flow, verdict])).toEqual([
      ['agent-tool-identity', 'wider'],
      ['ci-deploy-token', 'wider'],
    ]);
  });

  test('who is in a group is data, and is said', async () => {
    const fresh = proposed(
      'all',
      'groups.yaml',
      'members: [user:rui, user:ana]',
      'members: [user:rui, user:tom]',
    );
    const { code, stdout } = await plan(proposed('all'), fresh, '--detailed-exitcode');
    expect([code, /ALSO CHANGED {3}group:release-managers/.test(stdout)]).toEqual([10, true]);
  });
});
