import { createHmac, randomUUID } from 'node:crypto';
import { createDpopKey, startWorld, type TokenResponse, type World } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let world: World;
let token = '';

beforeAll(async () => {
  world = await startWorld();
  const { body } = await world.exchange(createDpopKey());
  token = String(body['access_token']);
});
afterAll(async () => world[Symbol.asyncDispose]());

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

async function ask(
  path: string,
  assertion: string,
  changes: Record<string, string> = {},
): Promise<TokenResponse> {
  const form = { token, client_assertion_type: ASSERTION_TYPE, client_assertion: assertion, ...changes };
  return world.post(path, new URLSearchParams(form));
}

const now = (): number => Math.floor(Date.now() / 1000);

/** What each row says, as changes to a good assertion and form. */
const REFUSED: readonly {
  row: string;
  what: string;
  claims?: () => Record<string, unknown>;
  form?: Record<string, string>;
}[] = [
  { row: 'P1', what: 'the token endpoint as audience', claims: () => ({ aud: `${world.url}/token` }) },
  {
    row: 'P1',
    what: 'the introspection endpoint as audience',
    claims: () => ({ aud: `${world.url}/introspect` }),
  },
  {
    row: 'P2',
    what: 'our issuer beside another audience',
    claims: () => ({ aud: [world.url, 'https://x.example'] }),
  },
  { row: 'P2', what: 'a trailing slash', claims: () => ({ aud: `${world.url}/` }) },
  { row: 'P4', what: 'another issuer than subject', claims: () => ({ iss: 'somebody' }) },
  { row: 'P4', what: 'another client_id parameter', form: { client_id: 'somebody' } },
  { row: 'P6', what: 'no jti', claims: () => ({ jti: undefined }) },
  { row: 'P6', what: 'no exp', claims: () => ({ exp: undefined }) },
  { row: 'P6', what: 'an exp more than five minutes ahead', claims: () => ({ exp: now() + 301 }) },
  { row: 'P6', what: 'an exp in the past', claims: () => ({ exp: now() - 1 }) },
  { row: 'P6', what: 'an nbf more than a minute ahead', claims: () => ({ nbf: now() + 62 }) },
  { row: 'P6', what: 'an iat more than a minute ahead', claims: () => ({ iat: now() + 62 }) },
  {
    row: 'P8',
    what: 'a client that this key is not registered for',
    claims: () => ({ iss: 'svc-payments', sub: 'svc-payments' }),
  },
  { row: 'C9', what: 'a client that does not exist', claims: () => ({ iss: 'nobody', sub: 'nobody' }) },
  {
    row: 'P12',
    what: 'the assertion type of SPIFFE',
    form: { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe' },
  },
  { row: 'I1', what: 'no assertion', form: { client_assertion: '' } },
];

describe.each(['/introspect', '/revoke'])('%s', (path) => {
  test.each(REFUSED)('$row $what is refused, in the words of any other failure', async ({ claims, form }) => {
    const { status, body, headers } = await ask(path, world.clientAssertion(claims?.() ?? {}), form);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).not.toBeNull();
    expect(body).toEqual({
      error: 'invalid_client',
      error_description: expect.stringContaining('private_key_jwt'),
    });
  });
});

test('P5 an assertion used 32 times at once counts exactly once', async () => {
  const assertion = world.clientAssertion();
  const answers = await Promise.all(Array.from({ length: 32 }, () => ask('/introspect', assertion)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(31);
});

test('P7 an HMAC under the public key is no signature', async () => {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = {
    iss: 'deploy-api',
    sub: 'deploy-api',
    aud: world.url,
    iat: now(),
    exp: now() + 60,
    jti: randomUUID(),
  };
  const input = `${encode({ alg: 'HS256', kid: 'deploy-api-1' })}.${encode(payload)}`;
  const set = await world.running.house.engine.artefacts();
  const [key] = set.audiences.get('https://deploy.acme.example')?.introspection?.keys ?? [];
  const forged = `${input}.${createHmac('sha256', JSON.stringify(key)).update(input).digest('base64url')}`;
  expect((await ask('/introspect', forged)).status).toBe(401);
});

test('P11 a client assertion is no evidence, before or after it was used', async () => {
  const assertion = world.clientAssertion();
  const asEvidence = (): Promise<TokenResponse> =>
    world.exchange(createDpopKey(), { subject_token: assertion });
  expect((await asEvidence()).body).toMatchObject({ error: 'invalid_grant' });
  expect((await ask('/introspect', assertion)).status).toBe(200);
  expect((await asEvidence()).body).toMatchObject({ error: 'invalid_grant' });
});

test('P13 evidence of an issuer that is no anchor is refused, and nothing is fetched from it', async () => {
  const { startOidcIssuer } = await import('@writ/testkit');
  await using stranger = await startOidcIssuer({ now: Date.now });
  const bearer = {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    subject_token: undefined,
    subject_token_type: undefined,
    assertion: stranger.sign({ aud: 'https://writ.acme.example', sub: 'x' }),
  };
  expect((await world.exchange(createDpopKey(), bearer)).body).toMatchObject({ error: 'invalid_grant' });
  expect(stranger.requests).toEqual([]);
});

test('P14 an assertion made for another server that names our token endpoint is refused', async () => {
  const assertion = world.clientAssertion({ aud: `${world.url}/token`, iss: 'deploy-api' });
  expect((await ask('/introspect', assertion)).status).toBe(401);
});
