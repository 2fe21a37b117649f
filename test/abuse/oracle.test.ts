import { randomUUID } from 'node:crypto';
import { createDpopKey, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ciToken, proofBy, type Received, send } from './requests.ts';

let world: World;
let nonce: string;
const key = createDpopKey();

const IDENTITIES = [
  'svc-payments',
  'svc-frozen',
  'svc-expired',
  'svc-suspended',
  'svc-late',
  'svc-two',
  'svc-idle',
];
const FLOWS: Readonly<Record<string, string>> = {
  'svc-suspended': '    suspended: true\n',
  'svc-late': '    expires: 2020-01-01T00:00:00Z\n',
};

/** Identities in every state that the world can be in, all with the same flow but one that has no right at all. */
function files(): Readonly<Record<string, string>> {
  const identity = (name: string): string => `  - uri: spiffe://acme.example/workload/${name}
    name: ${name}
    kind: workload
    owner: user:ana
    deputy: group:platform-security
    purpose: to be asked about
    environment: production
    expires: ${name === 'svc-expired' ? '2020' : '2030'}-01-01T00:00:00Z
`;
  const right = (name: string, flow = 'ci-deploy-token'): string => `  - id: ${name}-${flow}
    owner: group:platform-security
    authority: for the tests
    identity: ${name}
    flow: ${flow}
    audience: https://deploy.acme.example
    scopes: ["deploy:read", "deploy:write"]
    max-ttl: 15m
    revocation: introspection
${FLOWS[name] ?? ''}${FLOWS[name]?.includes('expires') === true ? '' : '    expires: 2030-01-01T00:00:00Z\n'}`;
  const entitlement = (name: string): string => `  - identity: ${name}
    audiences: ["https://deploy.acme.example"]
    scopes: ["deploy:read", "deploy:write"]
    environments: [staging, production]
`;
  const withRights = IDENTITIES.filter((name) => name !== 'svc-idle');
  return {
    'identities.yaml': `writ: identities/v1\nidentities:\n${IDENTITIES.map(identity).join('')}`,
    'rights/deploy.yaml': `writ: rights/v1\nrights:\n${withRights.map((name) => right(name)).join('')}`,
    'rights/others.yaml': `writ: rights/v1\nrights:\n${right('svc-two', 'ci-deploy-token-too')}`,
    'entitlements.yaml': `writ: entitlements/v1\nentitlements:\n${IDENTITIES.map(entitlement).join('')}`,
  };
}

beforeAll(async () => {
  const { readFileSync } = await import('node:fs');
  const { ACME } = await import('@writ/testkit');
  const flow = readFileSync(`${ACME}/flows/ci-deploy-token.flow.yaml`, 'utf8').replace(
    'flow: ci-deploy-token\n',
    'flow: ci-deploy-token-too\n',
  );
  world = await startWorld({ files: { ...files(), 'flows/too.flow.yaml': flow } });
  nonce = await world.nonce();
  await world.running.house.engine.freeze({
    scope: 'identity:svc-frozen',
    reason: 'for the tests',
    by: 'test',
  });
});
afterAll(async () => world[Symbol.asyncDispose]());

const now = (): number => Math.floor(Date.now() / 1000);
/** Evidence of somebody who is not whom any flow is for. */
const STRANGERS: Readonly<Record<string, () => string>> = {
  'of another repository': () =>
    ciToken(world, {
      repository_id: '1',
      repository_owner_id: '2',
      repository: 'mallory/app',
      repository_owner: 'mallory',
      sub: 'repo:mallory/app:ref:refs/heads/main',
    }),
  'of a recycled owner': () => ciToken(world, { repository_id: '1', repository_owner_id: '2' }),
  'that is expired': () => ciToken(world, { iat: now() - 600, exp: now() - 300 }),
  'for another audience': () => ciToken(world, { aud: 'https://github.com/acme' }),
  'of an unknown issuer': () => ciToken(world, { iss: 'https://evil.example' }),
  'with a bad signature': () => `${ciToken(world).split('.').slice(0, 2).join('.')}.${'A'.repeat(342)}`,
  'that is no token': () => 'garbage',
  'that is ours': () => 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.AAAA',
};

const details = (flow?: string): string =>
  JSON.stringify([
    { type: 'writ_issuance', ...(flow === undefined ? {} : { flow }), fields: { target: 'production' } },
  ]);
/** What a stranger may ask for, to learn from the difference. */
const QUESTIONS: readonly Readonly<Record<string, string | undefined>>[] = [
  ...[...IDENTITIES, 'agent-crm', 'nobody', 'SVC-PAYMENTS', '__proto__', 'constructor', randomUUID()].map(
    (client_id) => ({ client_id }),
  ),
  { resource: 'https://unknown.example' },
  { resource: 'https://billing.acme.example' },
  { scope: 'deploy:admin' },
  { scope: 'deploy:write' },
  { authorization_details: undefined },
  { authorization_details: details('no-such-flow') },
  { authorization_details: details('ci-deploy-token') },
  { authorization_details: details('agent-tool-identity') },
  { authorization_details: '[{"type":"writ_issuance","ttl":"365d","fields":{"target":"moon","x":1}}]' },
  { writ_run: 'run_unknown' },
];

const VOLATILE = ['date', 'dpop-nonce'];
/** Everything a caller can see but the reference and the clock. */
function seen({ status, headers, text }: Received): string {
  const plain = Object.entries(headers).filter(([name]) => !VOLATILE.includes(name));
  return JSON.stringify([status, plain, text.replace(/ref_[0-9a-f]{20}/, 'REF')]);
}

async function ask(
  token: string,
  changes: Readonly<Record<string, string | undefined>>,
  proven = true,
): Promise<Received> {
  const body = world.form({ ...changes, subject_token: token }).toString();
  return send(world.url, {
    path: '/token',
    body,
    headers: proven ? { dpop: proofBy(world, key, nonce) } : {},
  });
}

test.each(Object.keys(STRANGERS))(
  'E1 C7 a stranger with evidence %s sees one answer, whatever there is',
  async (name) => {
    const answers: string[] = [];
    for (const changes of QUESTIONS) {
      for (const proven of [true, false])
        answers.push(seen(await ask(STRANGERS[name]?.() ?? '', changes, proven)));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('invalid_grant');
  },
);

test('E1 all strangers see the same answer', async () => {
  const answers = await Promise.all(
    Object.values(STRANGERS).map(async (token) => seen(await ask(token(), {}))),
  );
  expect(new Set(answers).size).toBe(1);
});

test('E1 every reference is another, and explains itself to operators alone', async () => {
  const refs: string[] = [];
  for (const token of Object.values(STRANGERS)) refs.push(String((await ask(token(), {})).body['writ_ref']));
  expect(new Set(refs).size).toBe(refs.length);
  for (const ref of refs) {
    expect(ref).toMatch(/^ref_[0-9a-f]{20}$/);
    const explanation = await world.running.house.engine.explain(ref);
    expect(explanation).toMatchObject({
      kind: 'refusal',
      refusal: { disclosed: false, identity: 'svc-payments' },
    });
  }
});

test.each([
  ['svc-frozen', 'gate.freeze'],
  ['svc-expired', 'identity.expires'],
  ['svc-suspended', 'right.svc-suspended-ci-deploy-token'],
  ['svc-late', 'right.svc-late-ci-deploy-token'],
  ['svc-two', 'right'],
])('E1 whoever the flow is for hears why %s is refused', async (client_id, writ_rule) => {
  const { status, body } = await ask(ciToken(world), { client_id });
  expect(status).toBe(400);
  expect(body).toMatchObject({ writ_rule });
});

test('E1 the right repository hears nothing of identities it is not the repository of', async () => {
  for (const client_id of ['svc-idle', 'agent-crm', 'nobody']) {
    expect(seen(await ask(ciToken(world), { client_id }))).toBe(
      seen(await ask(STRANGERS['that is no token']?.() ?? '', {})),
    );
  }
});

test('I1 C7 whether a client is known does not show in a refused assertion', async () => {
  const assertion = (client: string): string =>
    world.clientAssertion({ iss: client, sub: client, aud: 'https://other.example' });
  const answers: string[] = [];
  for (const client of ['deploy-api', 'nobody', '__proto__', 'svc-payments']) {
    const body = new URLSearchParams({
      token: 'x',
      client_assertion: assertion(client),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    answers.push(seen(await send(world.url, { path: '/introspect', body: body.toString() })));
  }
  expect(new Set(answers).size).toBe(1);
});
