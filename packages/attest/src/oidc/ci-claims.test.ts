import {
  anchorOf,
  GITHUB_CLAIMS,
  GITHUB_CLAIMS_BY_ID,
  GITHUB_CLAIMS_OF_FORK,
  GITHUB_CLAIMS_OF_RECYCLED_OWNER,
  GITLAB_CLAIMS,
  type OidcIssuer,
  startOidcIssuer,
} from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKeyStore, createOidcAttestor } from './oidc.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const attestor = createOidcAttestor(createKeyStore());
let issuer: OidcIssuer;

beforeAll(async () => {
  issuer = await startOidcIssuer({ now: () => NOW, algorithm: 'ES256' });
});
afterAll(async () => issuer.close());

async function verify(
  kind: 'github-actions' | 'gitlab-ci' | 'oidc',
  claims: Readonly<Record<string, unknown>>,
): ReturnType<typeof attestor.verify> {
  return attestor.verify(issuer.sign(claims), anchorOf(issuer, { kind }), 'subject', NOW);
}

describe('github-actions', () => {
  test.each([
    ['G7 sub by name', GITHUB_CLAIMS],
    ['G7 sub by immutable id', GITHUB_CLAIMS_BY_ID],
    ['G5 a pull request from a fork, as itself', GITHUB_CLAIMS_OF_FORK],
    ['G6 a recycled owner, with other ids', GITHUB_CLAIMS_OF_RECYCLED_OWNER],
  ])('reads %s', async (_name, claims) => {
    const evidence = await verify('github-actions', claims);
    expect(evidence.claims).toMatchObject({
      repository_id: claims['repository_id'],
      repository_owner_id: claims['repository_owner_id'],
      event_name: claims['event_name'],
    });
  });

  test.each([
    'repo:acme/payments',
    'repo:acme/payments:ref:refs/heads/main',
    'repo:acme/payments:environment:a:environment:prod',
    'repo:acme@65/payments@551237781',
    'repo:acme@65/payments@551237781:pull_request',
    'repo:acme/payments:environment:x@1/y@2',
  ])('G4 decides nothing on what follows the repository in %s', async (sub) => {
    await expect(verify('github-actions', { ...GITHUB_CLAIMS, sub })).resolves.toMatchObject({
      claims: { sub },
    });
  });

  test.each([
    ['G7', 'the id of another repository', 'repo:acme@65/payments@999:environment:production'],
    ['G7', 'the id of another owner', 'repo:acme@66/payments@551237781:environment:production'],
    ['G7', 'only one id', 'repo:acme@65/payments:environment:production'],
    ['G7', 'only the other id', 'repo:acme/payments@551237781:environment:production'],
    ['G7', 'an id that is no number', 'repo:acme@x/payments@551237781:pull_request'],
    ['G7', 'an id with a leading zero', 'repo:acme@065/payments@551237781:pull_request'],
    ['G3', 'a repository of a longer name', 'repo:acme/payments-evil:ref:refs/heads/main'],
    ['G3', 'a repository of a shorter name', 'repo:acme/pay:ref:refs/heads/main'],
    ['G3', 'another owner', 'repo:evil/payments:ref:refs/heads/main'],
    ['G3', 'other capitals', 'repo:Acme/payments:ref:refs/heads/main'],
    ['G4', 'a repository of three segments', 'repo:acme/payments/x:ref:refs/heads/main'],
    ['G8', 'a template without repository', 'repository_owner:acme:environment:production'],
    [
      'G8',
      'a template with the workflow only',
      'job_workflow_ref:acme/automation/.github/workflows/oidc.yml@main',
    ],
    ['G8', 'a template with the repository behind', 'environment:x:repo:acme/payments'],
    ['G8', 'a template by repository id', 'repository_id:551237781'],
    ['G8', 'an empty sub', ''],
    ['G8', 'another beginning', 'xrepo:acme/payments'],
    ['G8', 'a sub that is a list', ['repo:acme/payments']],
    ['G8', 'no sub', undefined],
  ])('%s refuses %s in sub', async (_abuse, _rule, sub) => {
    await expect(verify('github-actions', { ...GITHUB_CLAIMS, sub })).rejects.toMatchObject({
      code: 'claim',
    });
  });

  test.each([
    ['repository', 'acme/payments-evil'],
    ['repository', 'payments'],
    ['repository', undefined],
    ['repository_owner', 'evil'],
    ['repository_owner', undefined],
    ['repository_id', ''],
    ['repository_id', 551_237_781],
    ['repository_id', '0551237781'],
    ['repository_id', undefined],
    ['repository_owner_id', '65 '],
    ['repository_owner_id', undefined],
  ])('G7 refuses %s %j beside a good sub', async (claim, value) => {
    for (const claims of [GITHUB_CLAIMS, GITHUB_CLAIMS_BY_ID]) {
      await expect(verify('github-actions', { ...claims, [claim]: value })).rejects.toMatchObject({
        code: 'claim',
        claim,
      });
    }
  });
});

describe('gitlab-ci', () => {
  test('G12 reads flags as the strings they are, and the runner as a number', async () => {
    const evidence = await verify('gitlab-ci', GITLAB_CLAIMS);
    expect(evidence.claims).toMatchObject({ project_id: '20', ref_protected: 'true', runner_id: 1 });
    await expect(verify('gitlab-ci', { ...GITLAB_CLAIMS, ref_protected: true })).rejects.toMatchObject({
      code: 'claim',
      claim: 'ref_protected',
    });
    for (const id of ['1', 1.5, 2 ** 53]) {
      await expect(verify('gitlab-ci', { ...GITLAB_CLAIMS, runner_id: id })).rejects.toMatchObject({
        claim: 'runner_id',
      });
    }
  });

  test.each([
    [
      'G12',
      'a project that the claim does not name',
      'project_path:acme/payments-evil:ref_type:branch:ref:main',
    ],
    ['G12', 'a parent of the project', 'project_path:acme:ref_type:branch:ref:main'],
    ['G4', 'a forged segment before', 'ref:x:project_path:acme/payments'],
    ['G8', 'components without project', 'user_id:1'],
    ['G8', 'nothing', undefined],
    ['G8', 'an empty project', 'project_path::ref_type:branch'],
  ])('%s refuses %s in sub', async (_abuse, _rule, sub) => {
    await expect(verify('gitlab-ci', { ...GITLAB_CLAIMS, sub })).rejects.toMatchObject({ code: 'claim' });
  });

  test('G12 refuses a project_path that sub does not name', async () => {
    const claims = { ...GITLAB_CLAIMS, project_path: 'acme/other' };
    await expect(verify('gitlab-ci', claims)).rejects.toMatchObject({
      claim: 'project_path',
      value: 'acme/other',
    });
  });
});

test('oidc has no rules of its own about claims', async () => {
  const evidence = await verify('oidc', { aud: 'https://writ.acme.example', sub: 'anything' });
  expect(Object.keys(evidence.claims)).toEqual([]);
});
