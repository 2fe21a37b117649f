import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ACME,
  createDpopKey,
  GITLAB_CLAIMS,
  type OidcIssuer,
  startOidcIssuer,
  startWorld,
  type TokenResponse,
  type World,
} from '@writ/testkit';
import { expect, test } from 'vitest';

/** The deploy flow with another anchor and what must match; everything behind the proof stays as it is. */
function flowFor(name: string, anchor: string, match: string): string {
  const text = readFileSync(join(ACME, 'flows/ci-deploy-token.flow.yaml'), 'utf8');
  return text
    .replace('flow: ci-deploy-token', `flow: ${name}`)
    .replace(/anchor: github-actions\/acme.*/, `anchor: ${anchor}`)
    .replace(/match:\n(?: {8}.*\n)+/, `match: ${match}\n`)
    .replace(/ {2}forbid:\n[\s\S]*?\napproval:/, '  forbid: []\n\napproval:');
}

function right(flow: string): string {
  return `writ: rights/v1
rights:
  - id: by-${flow}
    owner: group:platform-security
    authority: the test
    identity: svc-payments
    flow: ${flow}
    audience: https://deploy.acme.example
    scopes: ["deploy:read"]
    max-ttl: 15m
    expires: 2030-01-01T00:00:00Z
    revocation: introspection
`;
}

async function worldWith(issuer: OidcIssuer, anchor: string, claims: string, match: string): Promise<World> {
  const [kind = ''] = anchor.split('/');
  return startWorld({
    files: {
      [kind === 'gitlab-ci' ? 'anchors/gitlab-ci.yaml' : `anchors/${kind}.yaml`]: `writ: anchor/v1
anchor: ${anchor}
issuer: ${issuer.issuer}
audience: https://writ.acme.example
assurance: 2
replay: once
algorithms: [RS256]
private-addresses: allowed
${claims}`,
      'flows/other.flow.yaml': flowFor('other-ci', anchor, match),
      'rights/other.yaml': right('other-ci'),
    },
  });
}

let jobs = 0;

async function exchange(world: World, issuer: OidcIssuer, claims: object): Promise<TokenResponse> {
  jobs += 1;
  return world.exchange(createDpopKey(), {
    subject_token: issuer.sign({ ...claims, jti: `job-${jobs}` }),
    authorization_details: '[{"type":"writ_issuance","flow":"other-ci","fields":{"target":"production"}}]',
  });
}

test('S1.7 a GitLab pipeline is believed by immutable project id, and told which of its own claims was wrong', async () => {
  await using gitlab = await startOidcIssuer({ now: Date.now });
  const match =
    '{ project_id: "20", project_path: acme/payments, ref_protected: "true", environment: production }';
  await using world = await worldWith(gitlab, 'gitlab-ci/acme', 'actor: user_id', match);
  expect((await exchange(world, gitlab, GITLAB_CLAIMS)).status).toBe(200);
  const unprotected = await exchange(world, gitlab, { ...GITLAB_CLAIMS, ref_protected: 'false' });
  expect(unprotected.body).toMatchObject({
    error: 'invalid_grant',
    writ_rule: 'proof.github.ref_protected',
    writ_reasons: [{ claim: 'ref_protected', value: 'false' }],
  });
  const boolean = await exchange(world, gitlab, { ...GITLAB_CLAIMS, ref_protected: true });
  expect(boolean.body).toEqual({
    error: 'invalid_grant',
    error_description: expect.any(String),
    writ_ref: expect.any(String),
  });
  const stranger = await exchange(world, gitlab, { ...GITLAB_CLAIMS, project_id: '21' });
  expect(Object.keys(stranger.body)).toEqual(['error', 'error_description', 'writ_ref']);
});

test('S4.2 any OIDC issuer can be an anchor once its claims are declared', async () => {
  await using issuer = await startOidcIssuer({ now: Date.now });
  const claims = `claims:
  subject: { type: string, required: true, identifies: true, from: sub }
  cluster: { type: string, required: true }
  roles: { type: set, required: false }
`;
  const match = '{ subject: "system:deployer", cluster: { like: "eu-*" }, roles: { contains: deploy } }';
  await using world = await worldWith(issuer, 'oidc/cluster', claims, match);
  const good = {
    aud: 'https://writ.acme.example',
    sub: 'system:deployer',
    cluster: 'eu-1',
    roles: ['deploy', 'read'],
  };
  expect((await exchange(world, issuer, good)).status).toBe(200);
  const elsewhere = await exchange(world, issuer, { ...good, cluster: 'us-1' });
  expect(elsewhere.body).toMatchObject({
    writ_rule: 'proof.github.cluster',
    writ_reasons: [{ value: 'us-1' }],
  });
  const weak = await exchange(world, issuer, { ...good, roles: undefined });
  expect(weak.body).toMatchObject({ writ_rule: 'proof.github.roles' });
});
