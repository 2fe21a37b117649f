import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBrowser, freePort, startWorld } from '@writ/testkit';
import { type Configuration, Provider } from 'oidc-provider';
import { expect, test } from 'vitest';

const CLIENT = 'https://writ.acme.example';
const SECRET = 'a secret of this test and of nothing else';

interface Peer extends AsyncDisposable {
  readonly issuer: string;
}

/** oidc-provider, whose people are signed in by being asked. Its ID tokens have no `jti`. */
async function startPeer(redirectUri: string): Promise<Peer> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // INVARIANT: it listens on a port, so its address is no path.
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, configuration(redirectUri, privateKey.export({ format: 'jwk' })));
  provider.use(async (context, next) => {
    if (!context.path.startsWith('/interaction/')) return next();
    const details = await provider.interactionDetails(context.req, context.res);
    const grant = new provider.Grant({ accountId: 'ana-7f3c', clientId: CLIENT });
    grant.addOIDCScope('openid');
    const result =
      details.prompt.name === 'login'
        ? { login: { accountId: 'ana-7f3c', acr: 'phishing-resistant' } }
        : { consent: { grantId: await grant.save() } };
    await provider.interactionFinished(context.req, context.res, result);
    return undefined;
  });
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  return {
    issuer,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

function configuration(redirectUri: string, jwk: object): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT,
        client_secret: SECRET,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
        default_acr_values: ['phishing-resistant'],
      },
    ],
    jwks: { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: 'peer' }] },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    claims: { openid: ['sub'], acr: null },
    acrValues: ['phishing-resistant'],
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ['of this test'] },
  };
}

test('people sign in at a provider that others made: confidential client, PKCE, no `jti` in its ID tokens', async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  await using peer = await startPeer(`${url}/sign-in/callback`);
  await using world = await startWorld({
    host: 'localhost',
    port,
    files: {
      'anchors/workforce.yaml': `writ: anchor/v1
anchor: oidc/workforce
issuer: ${peer.issuer}
audience: ${CLIENT}
assurance: 2
replay: first-key
private-addresses: allowed
claims:
  subject: { type: string, required: true, identifies: true, from: sub }
  acr: { type: { one-of: [phishing-resistant] }, required: true }
`,
      'people.yaml': `writ: people/v1
people:
${['ana-7f3c', 'rui-01ab', 'mei-9d20', 'tom-55e1', 'ida-c0de'].map((id) => `  - { id: "user:${id.slice(0, 3)}", name: ${id}, subjects: ["${peer.issuer}#${id}"] }`).join('\n')}
`,
      'client-secret': SECRET,
      'writ.yaml': `writ: config/v1
trust-domain: acme.example
public-url: http://localhost:8420
sign-in: { anchor: oidc/workforce, client-secret-file: client-secret }
`,
    },
  });
  const browser = createBrowser(world.url);
  const page = await browser.open('/sign-in');
  expect([page.status, page.text]).toEqual([200, expect.stringContaining('Signed in')]);
  expect((await browser.ask('/api/v1/me')).body).toMatchObject({ person: 'user:ana' });
});
