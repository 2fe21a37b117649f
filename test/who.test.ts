import { ACME } from '@writ/testkit';
import { describe, expect, test } from 'vitest';
import { writ } from './writ.ts';

const USED = {
  sub: 'repo:acme/payments:environment:production',
  repository: 'acme/payments',
  repository_id: '551237781',
  repository_owner: 'acme',
  repository_owner_id: '77',
  ref: 'refs/heads/release-1',
  event_name: 'push',
  runner_environment: 'self-hosted',
  environment: 'production',
};

function who(args: readonly string[], input?: string) {
  return writ(['flow', 'who', ...args, '--dir', ACME], input).ended;
}

describe('S4.7 writ flow who', { timeout: 60_000 }, () => {
  test('says who can satisfy the proof of a flow', async () => {
    const { code, stdout } = await who(['ci-deploy-token']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^github +any repository, of any owner +no$/m);
    expect(stdout).toMatch(
      /^github +our code on anybody's pull request.* +proves it, and is refused later$/m,
    );
    expect(stdout).toMatch(/^github +a self-hosted runner +YES$/m);
  });

  test('as JSON, with claims that show it', async () => {
    const { stdout } = await who(['ci-deploy-token', '--json']);
    const answers = JSON.parse(stdout) as readonly {
      question: string;
      reach: string;
      claims: object | null;
    }[];
    expect(answers.find(({ question }) => question === 'pull-request-target')).toMatchObject({
      reach: 'refused',
      claims: { event_name: 'pull_request_target', repository_id: '551237781' },
    });
  });

  test('prints the narrowest proof that admits what was used, alone on stdout', async () => {
    const { code, stdout, stderr } = await who(
      ['ci-deploy-token', '--used', '-'],
      `${JSON.stringify(USED)}\n`,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^- id: github\n {2}anchor: github-actions\/acme\n/);
    expect(stdout).toContain('    ref: "refs/heads/release-1"\n');
    expect(stderr).toContain('narrower, as proved; 1 tokens that were used are admitted');
  });

  test('exit 1: what was used and is not admitted is named by its line', async () => {
    const lines = `${JSON.stringify(USED)}\n${JSON.stringify({ claims: { ...USED, ref: 'refs/heads/main' } })}\n`;
    const { code, stderr } = await who(['ci-deploy-token', '--used', '-'], lines);
    expect([code, stderr.includes('line 2: the proof as it is does not admit it, by `ref`')]).toEqual([
      1,
      true,
    ]);
  });

  test('exit 5: no such flow, no such proof; exit 2: no claims, two proofs', async () => {
    expect((await who(['nothing'])).code).toBe(5);
    expect((await who(['ci-deploy-token', '--proof', 'nothing'])).code).toBe(5);
    expect((await who(['ci-deploy-token', '--used', '-'], 'no\n')).code).toBe(2);
    expect((await who(['agent-tool-identity', '--used', '-'], '{}\n')).code).toBe(2);
  });
});
