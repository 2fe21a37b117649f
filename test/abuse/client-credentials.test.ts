import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDpopKey, signCompactJws, startWorld, type TokenResponse, type World } from '@writ/testkit';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ACME = join(import.meta.dirname, '../../examples/acme');
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = JSON.stringify({ ...own.publicKey.export({ format: 'jwk' }), kid: 'reporting-1' });

/** Services as a run would have registered them; the third has no key. */
function service(name: string, more: string): string {
  return `  - uri: spiffe://acme.example/service-account/${name}
    name: ${name}
    kind: service-account
    owner: group:platform-security
    deputy: user:rui
    purpose: monthly reports
    environment: staging
    expires: 2030-01-01T00:00:00Z
${more}`;
}
const held = (name: string): string => `  - identity: ${name}
    audiences: ["https://reports.acme.example"]
    scopes: ["reports:read"]
`;
const file = (name: string): string => readFileSync(join(ACME, name), 'utf8');

let world: World;
const key = createDpopKey();

beforeAll(async () => {
  world = await startWorld({
    files: {
      'identities.yaml': `${file('identities.yaml')}${service('svc-reporting', `    keys: [${jwk}]\n`)}${service('northwind-export', '')}`,
      'entitlements.yaml': `${file('entitlements.yaml')}${held('svc-reporting')}${held('northwind-export')}`,
    },
  });
});
afterAll(async () => world[Symbol.asyncDispose]());

function assertion(changes: Readonly<Record<string, unknown>> = {}, signer = own.privateKey): string {
  const iat = Math.floor(Date.now() / 1000);
  const payload = {
    iss: 'svc-reporting',
    sub: 'svc-reporting',
    aud: world.url,
    iat,
    exp: iat + 60,
    jti: randomUUID(),
    ...changes,
  };
  return signCompactJws({ alg: 'ES256', kid: 'reporting-1' }, payload, signer, 'ES256');
}

type Form = Readonly<Record<string, string | undefined>>;

function ask(changes: Form = {}, of = key): Promise<TokenResponse> {
  return world.exchange(of, {
    grant_type: 'client_credentials',
    subject_token: undefined,
    subject_token_type: undefined,
    requested_token_type: undefined,
    authorization_details: undefined,
    client_id: 'svc-reporting',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion(),
    resource: 'https://reports.acme.example',
    scope: 'reports:read',
    ...changes,
  });
}

describe('client_credentials with a registered key', () => {
  test('S1.9 S2.3 a registered service gets a bound token for one audience, and no refresh token (C10)', async () => {
    const { status, headers, body } = await ask();
    expect([status, body['error']]).toEqual([200, undefined]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).not.toHaveProperty('refresh_token');
    expect(body).toMatchObject({ token_type: 'DPoP', scope: 'reports:read' });
    expect(decodeJwt(String(body['access_token']))).toMatchObject({
      sub: 'spiffe://acme.example/service-account/svc-reporting',
      aud: 'https://reports.acme.example',
      client_id: 'svc-reporting',
      cnf: { jkt: expect.any(String) },
    });
  });

  test.each<[string, string, () => Form]>([
    ['C5 no scope', 'invalid_scope', () => ({ scope: undefined })],
    ['C5 more scopes than it may have', 'invalid_scope', () => ({ scope: 'reports:read reports:write' })],
    ['C1 a secret beside the assertion', 'invalid_request', () => ({ client_secret: 'x' })],
    [
      'C12 no assertion',
      'unauthorized_client',
      () => ({ client_assertion: undefined, client_assertion_type: undefined }),
    ],
    [
      'P12 another type of assertion',
      'invalid_request',
      () => ({ client_assertion_type: `${ASSERTION_TYPE}x` }),
    ],
    [
      'P1 the endpoint as audience',
      'invalid_client',
      () => ({ client_assertion: assertion({ aud: `${world.url}/token` }) }),
    ],
    [
      'P2 two audiences',
      'invalid_client',
      () => ({ client_assertion: assertion({ aud: [world.url, 'x'] }) }),
    ],
    [
      'P4 another subject',
      'invalid_client',
      () => ({ client_assertion: assertion({ sub: 'svc-payments' }) }),
    ],
    ['P6 no jti', 'invalid_client', () => ({ client_assertion: assertion({ jti: undefined }) })],
    [
      'P6 an exp six minutes ahead',
      'invalid_client',
      () => ({ client_assertion: assertion({ exp: Math.floor(Date.now() / 1000) + 360 }) }),
    ],
    ['P8 another key', 'invalid_client', () => ({ client_assertion: assertion({}, other.privateKey) })],
    [
      'a client that nobody knows',
      'invalid_client',
      () => ({ client_id: 'nobody', client_assertion: assertion({ iss: 'nobody', sub: 'nobody' }) }),
    ],
    [
      'a client without a key',
      'invalid_client',
      () => ({
        client_id: 'northwind-export',
        client_assertion: assertion({ iss: 'northwind-export', sub: 'northwind-export' }),
      }),
    ],
    ['a client that is somebody else', 'invalid_client', () => ({ client_id: 'svc-payments' })],
  ])('%s is refused: %s', async (_, error, changes) => {
    const { body } = await ask(changes());
    expect(body['error']).toBe(error);
    expect(body).not.toHaveProperty('access_token');
  });

  test('P11 an assertion is spent by the token it got, and proves nothing elsewhere', async () => {
    const client_assertion = assertion();
    const answers = await Promise.all(Array.from({ length: 8 }, async () => ask({ client_assertion })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: client_assertion };
    const { body } = await ask({ ...grant, client_assertion: undefined, client_assertion_type: undefined });
    expect(body['error']).toBe('invalid_grant');
  });

  test('D21 without proof of a key there is no token', async () => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'svc-reporting',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion(),
      resource: 'https://reports.acme.example',
      scope: 'reports:read',
    });
    const { body } = await world.post('/token', form);
    expect(body).not.toHaveProperty('access_token');
  });

  test('C7 one that is frozen is answered as one that is not there', async () => {
    const nobody = await ask({
      client_id: 'nobody',
      client_assertion: assertion({ iss: 'nobody', sub: 'nobody' }),
    });
    await world.running.house.engine.freeze({
      scope: 'identity:svc-reporting',
      reason: 'for the test',
      by: 'test',
    });
    const frozen = await ask();
    const plain = ({ status, body }: TokenResponse): unknown => ({ status, ...body, writ_ref: '' });
    expect(plain(frozen)).toEqual(plain(nobody));
    expect(frozen.body['error']).toBe('invalid_client');
  });
});
