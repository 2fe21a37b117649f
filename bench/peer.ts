import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { serveBench } from './child-protocol.ts';
import { measureCrypto } from './crypto-cost.ts';

/**
 * The peer: oidc-provider answering client_credentials with ES256 JWT access tokens (RFC 9068), everything in memory:
 * `node peer.ts PORT`. It verifies no evidence and keeps nothing.
 */
const [port = ''] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = privateKey.export({ format: 'jwk' });
const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: {
    keys: [
      { kty: 'EC', crv: 'P-256', x: jwk.x ?? '', y: jwk.y ?? '', d: jwk.d ?? '', alg: 'ES256', use: 'sig' },
    ],
  },
  clients: [
    {
      client_id: 'svc-payments',
      client_secret: 'bench-secret-of-no-worth-0123456789',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: 'ES256',
    },
  ],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: 'deploy:read',
        audience: 'https://deploy.acme.example',
        accessTokenTTL: 600,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  scopes: ['deploy:read'],
  ttl: { ClientCredentials: 600 },
});
const answer = provider.callback();
const server = createServer((request, response) => void answer(request, response));

await serveBench(async () => {
  await new Promise<void>((done) => server.listen(Number(port), '127.0.0.1', done));
  return {
    port: Number(port),
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}, measureCrypto);
