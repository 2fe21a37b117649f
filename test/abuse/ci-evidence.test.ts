import {
  createDpopKey,
  GITHUB_CLAIMS,
  GITHUB_CLAIMS_BY_ID,
  GITHUB_CLAIMS_OF_FORK,
  GITHUB_CLAIMS_OF_RECYCLED_OWNER,
  GITLAB_CLAIMS,
  type OidcIssuer,
  startOidcIssuer,
  startWorld,
  type World,
} from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ciToken, issuedCount } from './requests.ts';

let world: World;
let gitlab: OidcIssuer;
const key = createDpopKey();

beforeAll(async () => {
  gitlab = await startOidcIssuer({ now: Date.now });
  const anchor = `writ: anchor/v1
anchor: gitlab-ci/acme
issuer: ${gitlab.issuer}
private-addresses: allowed
audience: https://writ.acme.example
assurance: 2
replay: once
algorithms: [RS256]
actor: user_id
`;
  world = await startWorld({ files: { 'anchors/gitlab-ci.yaml': anchor } });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await gitlab.close();
});

const exchange = async (claims: Readonly<Record<string, unknown>>, scope = 'deploy:read') =>
  world.exchange(key, { subject_token: ciToken(world, claims), scope });

test.each([
  ['G7 sub by name', GITHUB_CLAIMS],
  ['G7 sub by immutable id', GITHUB_CLAIMS_BY_ID],
])('%s is the repository', async (_name, claims) => {
  expect((await exchange(claims)).status).toBe(200);
});

test('G6 a repository that was renamed is still known by its id, and hears that its name is another now', async () => {
  const sub = 'repo:acme@65/pay@551237781:environment:production';
  const { body } = await exchange({ ...GITHUB_CLAIMS_BY_ID, sub, repository: 'acme/pay' });
  expect(body).toMatchObject({ error: 'invalid_grant', writ_rule: 'proof.github.repository' });
  expect(JSON.stringify(body)).not.toContain('acme/payments');
});

/** The right repository, and something else that is wrong: it hears what, and not what would be right. */
const OWN_FAULTS: readonly (readonly [
  id: string,
  rule: string,
  claim: string,
  value: string,
  expected: string,
])[] = [
  ['G5', 'proof.github.ref', 'ref', 'refs/heads/main', 'release-'],
  ['G4', 'proof.github.ref', 'ref', 'refs/heads/release-/x', 'release-*'],
  ['G4', 'proof.github.ref', 'ref', 'refs/tags/release-1', 'refs/heads'],
  ['G4', 'proof.github.ref', 'ref', 'refs/heads/x/refs/heads/release-1', 'release-*'],
  ['G3', 'proof.github.environment', 'environment', 'production-evil', '`production`'],
  ['G4', 'proof.github.environment', 'environment', 'x:environment:production', '`production`'],
  ['G3', 'proof.github.environment', 'environment', 'Production', '`production`'],
  ['G5', 'proof.github.runner_environment', 'runner_environment', 'github-hosted', 'self-hosted'],
];

test.each(OWN_FAULTS)(
  '%s %s of the right repository names the claim %s and its own value %s',
  async (_id, rule, claim, value, expected) => {
    const { status, body } = await exchange({ [claim]: value });
    expect({ status, error: body['error'], rule: body['writ_rule'] }).toEqual({
      status: 400,
      error: 'invalid_grant',
      rule,
    });
    const [reason] = body['writ_reasons'] as Record<string, unknown>[];
    expect(reason).toMatchObject({ rule, claim, value });
    expect(Object.keys(reason ?? {})).not.toContain('expected');
    expect(JSON.stringify(body).replaceAll(value, '')).not.toContain(expected);
  },
);

test.each(['ref', 'environment', 'runner_environment'])(
  'G5 the right repository without %s hears that it is absent',
  async (claim) => {
    const { body } = await exchange({ [claim]: undefined });
    expect(body['error']).toBe('invalid_grant');
    const said = JSON.stringify(body);
    for (const expected of ['release-', 'self-hosted', '"production"']) expect(said).not.toContain(expected);
  },
);

test.each([['pull_request_target', 'deploy:read', 'policy.forbid.base-code-for-a-fork']])(
  'G5 the event %s of the right repository is refused by its own rule',
  async (event_name, scope, rule) => {
    const { body } = await exchange({ event_name }, scope);
    expect(body).toMatchObject({ error: 'invalid_grant', writ_rule: rule });
  },
);

test.each(['false', undefined])(
  'G5 G12 deploy:write from a branch whose protection is %j is refused by its own rule',
  async (ref_protected) => {
    const { body } = await exchange({ ref_protected }, 'deploy:write');
    expect(body).toMatchObject({
      error: 'invalid_grant',
      writ_rule: 'policy.forbid.write-only-from-protected',
    });
  },
);

const STRANGERS: readonly (readonly [id: string, name: string, claims: Readonly<Record<string, unknown>>])[] =
  [
    ['G6', 'the same name under other ids', GITHUB_CLAIMS_OF_RECYCLED_OWNER],
    ['G6', 'the same name under another repository id', { repository_id: '551237782' }],
    ['G7', 'a sub whose id is another', { ...GITHUB_CLAIMS_BY_ID, repository_id: '999' }],
    ['G7', 'a sub whose owner is another', { ...GITHUB_CLAIMS_BY_ID, repository_owner_id: '66' }],
    ['G3', 'a longer name in sub', { sub: 'repo:acme/payments-evil:environment:production' }],
    ['G3', 'another owner in sub', { sub: 'repo:evil/payments:environment:production' }],
    ['G8', 'a sub without repository', { sub: 'environment:production' }],
    [
      'G8',
      'a sub of the workflow',
      { sub: 'job_workflow_ref:acme/automation/.github/workflows/oidc.yml@main' },
    ],
    ['G9', 'the audience of the owner', { aud: 'https://github.com/acme' }],
    ['G9', 'the audience of a cloud', { aud: 'sts.amazonaws.com' }],
    ['G9', 'the audience of another cloud', { aud: 'api://AzureADTokenExchange' }],
    ['G12', 'protection that is no text', { ref_protected: true }],
    ['G13', 'no jti', { jti: undefined }],
    [
      'G5',
      'a fork whose repository is another',
      {
        ...GITHUB_CLAIMS_OF_FORK,
        repository_id: '1',
        repository: 'mallory/payments',
        repository_owner: 'mallory',
        repository_owner_id: '2',
        sub: 'repo:mallory/payments:pull_request',
      },
    ],
  ];

test.each(STRANGERS)('%s %s is a stranger and hears nothing', async (_id, _name, claims) => {
  const { status, body } = await exchange(claims);
  expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_grant' });
  expect(Object.keys(body).toSorted()).toEqual(['error', 'error_description', 'writ_ref']);
});

test('G10 issuers that look alike are nobody, and nothing is fetched for them', async () => {
  const { issuer } = world.github;
  const before = world.github.requests.length;
  const look = [
    `${issuer}/`,
    `${issuer}/enterprise`,
    issuer.replace('http:', 'https:'),
    issuer.replace('//', '//user@'),
    `${issuer}#x`,
    `${issuer}?`,
    issuer.replace('127.0.0.1', 'localhost'),
    [issuer],
    null,
    undefined,
    '',
  ];
  for (const iss of look) {
    const { body } = await exchange({ iss });
    expect(Object.keys(body).toSorted()).toEqual(['error', 'error_description', 'writ_ref']);
  }
  expect(world.github.requests.length).toBe(before);
});

test('G15 evidence of another anchor proves nothing to a flow that does not name it', async () => {
  const subject_token = gitlab.sign({ ...GITLAB_CLAIMS, jti: 'gitlab-1' });
  const { body } = await world.exchange(key, { subject_token });
  expect(Object.keys(body).toSorted()).toEqual(['error', 'error_description', 'writ_ref']);
});

test('G13 what was refused is not spent, what was issued is', async () => {
  const subject_token = ciToken(world);
  const before = issuedCount(world);
  expect((await world.exchange(key, { subject_token, scope: 'deploy:admin' })).body['error']).toBe(
    'invalid_scope',
  );
  expect((await world.exchange(key, { subject_token })).status).toBe(200);
  expect((await world.exchange(key, { subject_token })).body['writ_rule']).toBe('proof.replay');
  expect(issuedCount(world) - before).toBe(1);
});

test('G13 the jti of one issuer is not that of another', async () => {
  const jti = 'shared by two issuers';
  expect((await exchange({ jti })).status).toBe(200);
  expect((await exchange({ jti })).body['writ_rule']).toBe('proof.replay');
  const { body } = await world.exchange(key, { subject_token: gitlab.sign({ ...GITLAB_CLAIMS, jti }) });
  expect(body).not.toHaveProperty('writ_rule');
});
