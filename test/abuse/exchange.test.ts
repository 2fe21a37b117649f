import { createDpopKey, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ciToken, issuedCount, issuedToken, proofBy, send } from './requests.ts';

let world: World;
let nonce: string;
const key = createDpopKey();
const type = (name: string): string => `urn:ietf:params:oauth:token-type:${name}`;

beforeAll(async () => {
  world = await startWorld();
  nonce = await world.nonce();
});
afterAll(async () => world[Symbol.asyncDispose]());

type Changes = Readonly<Record<string, string | undefined>>;
interface Row {
  readonly id: string;
  readonly name: string;
  readonly error: string;
  readonly changes: () => Changes;
}
const details = (element: unknown): Changes => ({ authorization_details: JSON.stringify(element) });
const issuance = (more: Readonly<Record<string, unknown>>): Changes =>
  details([{ type: 'writ_issuance', fields: { target: 'production' }, ...more }]);

const ROWS: readonly Row[] = [
  ...[901, 3600, '16m', '1h', '365d'].map((ttl) => ({
    id: 'X1',
    name: `a life of ${ttl}`,
    error: 'invalid_authorization_details',
    changes: () => issuance({ ttl }),
  })),
  ...[0, -1, 1.5, '0s', '10', '1e3s', null, {}, 1e300].map((ttl) => ({
    id: 'X1',
    name: `the life ${JSON.stringify(ttl)}, which is none`,
    error: 'invalid_authorization_details',
    changes: () => issuance({ ttl }),
  })),
  {
    id: 'X2',
    name: 'a scope that nobody grants',
    error: 'invalid_scope',
    changes: () => ({ scope: 'deploy:admin' }),
  },
  {
    id: 'X2',
    name: 'a scope beyond the right for another audience',
    error: 'invalid_scope',
    changes: () => ({ scope: 'deploy:write', resource: 'https://artifacts.acme.example' }),
  },
  ...[
    [{ type: 'writ_issuance', fields: { target: 'development' } }],
    [{ type: 'writ_issuance', fields: { target: 'production', other: 'x' } }],
    [{ type: 'writ_issuance', fields: { target: ['production'] } }],
    [{ type: 'writ_issuance', fields: {} }],
    [{ type: 'writ_issuance' }],
  ].map((element) => ({
    id: 'X2',
    name: `details ${JSON.stringify(element)}`,
    error: 'invalid_authorization_details',
    changes: () => details(element),
  })),
  ...[
    [],
    {},
    [{}],
    [[]],
    'x',
    [{ type: 'other', fields: { target: 'production' } }],
    [{ type: 'writ_issuance', fields: { target: 'production' }, identity: 'agent-crm' }],
    [{ type: 'writ_issuance', fields: { target: 'production' } }, { type: 'writ_issuance' }],
    [{ type: 'writ_issuance', flow: 'CI-Deploy-Token', fields: { target: 'production' } }],
    [{ type: 'writ_issuance', fields: { target: null } }],
    [{ type: 'writ_issuance', fields: { 'a\u001b[31m': 'x', target: 'production' } }],
    [{ type: 'writ_issuance', fields: [] }],
  ].map((element) => ({
    id: 'X2',
    name: `details that are none: ${JSON.stringify(element)}`,
    error: 'invalid_authorization_details',
    changes: () => details(element),
  })),
  ...[
    '{',
    '[{"type":"writ_issuance","type":"writ_issuance"}]',
    '[{"type":"writ_issuance","__proto__":{}}]',
    '[1e999]',
  ].map((authorization_details) => ({
    id: 'X2 T18',
    name: `details that are no strict JSON: ${authorization_details}`,
    error: 'invalid_authorization_details',
    changes: () => ({ authorization_details }),
  })),
  {
    id: 'X3',
    name: 'an audience this identity has no right for',
    error: 'invalid_target',
    changes: () => ({ resource: 'https://billing.acme.example' }),
  },
  {
    id: 'X3',
    name: 'a flow this identity has no right through',
    error: 'invalid_target',
    changes: () => issuance({ flow: 'agent-tool-identity' }),
  },
  ...['access_token', 'refresh_token', 'saml2', 'saml1', 'unsigned_json', 'self_signed', 'id-jag', ''].map(
    (name) => ({
      id: 'X4 X13',
      name: `evidence as a ${name}`,
      error: 'invalid_request',
      changes: () => ({ subject_token_type: type(name) }),
    }),
  ),
  {
    id: 'X4',
    name: 'evidence without its type',
    error: 'invalid_request',
    changes: () => ({ subject_token_type: undefined }),
  },
  {
    id: 'X4',
    name: 'a type without evidence',
    error: 'invalid_request',
    changes: () => ({ subject_token: undefined }),
  },
  {
    id: 'X7',
    name: 'an actor that the flow does not ask for',
    error: 'invalid_grant',
    changes: () => ({ actor_token: ciToken(world), actor_token_type: type('jwt') }),
  },
  {
    id: 'X7',
    name: 'an actor without type',
    error: 'invalid_request',
    changes: () => ({ actor_token: ciToken(world) }),
  },
  {
    id: 'X7',
    name: 'the type of no actor',
    error: 'invalid_request',
    changes: () => ({ actor_token_type: type('jwt') }),
  },
  {
    id: 'X11',
    name: 'an audience that is not the resource',
    error: 'invalid_target',
    changes: () => ({ audience: 'https://artifacts.acme.example' }),
  },
  ...['jwt', 'id_token', 'refresh_token', 'id-jag', 'txn_token', ''].map((name) => ({
    id: 'X12',
    name: `the request of a ${name}`,
    error: 'invalid_request',
    changes: () => ({ requested_token_type: type(name) }),
  })),
  {
    id: 'C12',
    name: 'client_credentials of a client without a key',
    error: 'unauthorized_client',
    changes: () => ({ grant_type: 'client_credentials' }),
  },
  ...['password', 'refresh_token', 'authorization_code', 'constructor', '__proto__'].map((grant_type) => ({
    id: 'C12',
    name: `the grant ${grant_type}`,
    error: 'unsupported_grant_type',
    changes: () => ({ grant_type }),
  })),
];

test.each(ROWS)('$id $name is refused, and no token comes with the refusal', async ({ error, changes }) => {
  const before = issuedCount(world);
  const { status, headers, body } = await world.exchange(key, changes());
  expect({ status, error: body['error'] }).toEqual({ status: 400, error });
  // X16: an error is an error alone.
  for (const name of ['access_token', 'issued_token_type', 'writ_receipt', 'refresh_token']) {
    expect(body).not.toHaveProperty(name);
  }
  expect(issuedCount(world)).toBe(before);
  expect(headers.get('cache-control')).toBe('no-store');
});

test.each(ROWS)(
  'F20 the refusal of $name is lower case, without full stop, and holds no secret',
  async ({ changes }) => {
    const { body } = await world.exchange(key, changes());
    const text = String(body['error_description']);
    expect(text).toMatch(/^(?:[a-z`0-9]|DPoP|RFC)/);
    expect(text).not.toMatch(/\.$/);
    expect(text).toMatch(/^[\x20-\x5b\x5d-\x7e]+$/);
    expect(text).not.toContain('eyJ');
  },
);

test('X1 what is issued lives exactly as long as it says, never longer than asked and allowed', async () => {
  for (const [ttl, seconds] of [
    [1, 1],
    ['5m', 300],
    [900, 900],
    [undefined, 600],
  ] as const) {
    const { body } = await world.exchange(key, issuance(ttl === undefined ? {} : { ttl }));
    expect(body['expires_in']).toBe(seconds);
    const [, payload = ''] = String(body['access_token']).split('.');
    const claims = {
      ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, number>),
    };
    expect((claims['exp'] ?? 0) - (claims['iat'] ?? 0)).toBe(seconds);
  }
});

test('X5 X6 X9 a token of ours is no evidence, alive or revoked: nothing can be made longer by exchanging it', async () => {
  const token = await issuedToken(world, key);
  for (const subject_token_type of [type('jwt'), type('id_token')]) {
    const { body } = await world.exchange(key, { subject_token: token, subject_token_type });
    expect(body).toMatchObject({ error: 'invalid_grant' });
    expect(body).not.toHaveProperty('writ_reasons');
  }
});

test('X8 X15 without proof of a key nothing is issued: bound never becomes bearer', async () => {
  const { status, body } = await send(world.url, { path: '/token', body: world.form().toString() });
  expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_grant' });
  const { body: issued } = await world.exchange(key);
  expect(issued['token_type']).toBe('DPoP');
  const [, payload = ''] = String(issued['access_token']).split('.');
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
    cnf: { jkt: key.thumbprint },
  });
});

test.each([
  ['X7', 'may_act', { sub: 'somebody-else' }],
  ['X7', 'act', { sub: 'somebody-else' }],
  ['X8', 'cnf', { jkt: createDpopKey().thumbprint }],
  ['X8', 'cnf', { jkt: key.thumbprint }],
  ['X15', 'cnf', {}],
  ['X15', 'cnf', null],
])(
  '%s evidence that holds under `%s` %j alone does not hold without anybody checking it',
  async (_id, claim, value) => {
    const before = issuedCount(world);
    const { body } = await world.exchange(key, { subject_token: ciToken(world, { [claim]: value }) });
    expect(Object.keys(body).toSorted()).toEqual(['error', 'error_description', 'writ_ref']);
    expect(issuedCount(world)).toBe(before);
  },
);

test('G13 evidence is spent by what it proved, for every key and every grant', async () => {
  const subject_token = ciToken(world);
  expect((await world.exchange(key, { subject_token })).status).toBe(200);
  const again = await world.exchange(key, { subject_token });
  const other = await world.exchange(createDpopKey(), { subject_token });
  const bearer = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    client_id: 'svc-payments',
    resource: 'https://deploy.acme.example',
    scope: 'deploy:read',
    authorization_details: '[{"type":"writ_issuance","fields":{"target":"production"}}]',
    assertion: subject_token,
  });
  const granted = await send(world.url, {
    path: '/token',
    headers: { dpop: proofBy(world, key, nonce) },
    body: bearer.toString(),
  });
  for (const { body } of [again, other, granted]) {
    expect(body).toMatchObject({ error: 'invalid_grant', writ_rule: 'proof.replay' });
  }
});

test('G13 64 exchanges of one token at once give one token', async () => {
  const subject_token = ciToken(world);
  const body = world.form({ subject_token }).toString();
  const answers = await Promise.all(
    Array.from({ length: 64 }, async () =>
      send(world.url, { path: '/token', body, headers: { dpop: proofBy(world, createDpopKey(), nonce) } }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200).length).toBe(1);
  const rules = answers.filter(({ status }) => status !== 200).map(({ body: said }) => said['writ_rule']);
  expect(new Set(rules)).toEqual(new Set(['proof.replay']));
});
