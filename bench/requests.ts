import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { createDpopKey, type DpopKey, GITHUB_CLAIMS, type OidcIssuer } from '@writ/testkit';

/** Makes requests ahead of time; each works once. */
export interface ExchangeSigner {
  /** So many whole requests, under a nonce of now. They are good for a minute. */
  sign(count: number, port: number): Promise<readonly Buffer[]>;
}

/** Where the server is told it can be reached; connections go to loopback. */
export const PUBLIC_URL = 'https://writ.bench.example';
const TARGET = `${PUBLIC_URL}/token`;

/** Exchanges of GitHub's evidence, each with a proof of one of `keys` keys, or of a new one each where `keys` is 0. */
export function createExchangeSigner(issuer: OidcIssuer, keys: number): ExchangeSigner {
  const held = Array.from({ length: keys }, () => createDpopKey());
  return {
    sign: async (count, port) => {
      const nonce = await freshNonce(port);
      return Array.from({ length: count }, (_, i) =>
        exchange(issuer, held[i % keys] ?? createDpopKey(), nonce),
      );
    },
  };
}

function exchange(issuer: OidcIssuer, key: DpopKey, nonce: string): Buffer {
  const now = Date.now();
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    client_id: 'svc-payments',
    resource: 'https://deploy.acme.example',
    scope: 'deploy:read',
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    subject_token: issuer.sign({ ...GITHUB_CLAIMS, jti: randomUUID() }),
    authorization_details: '[{"type":"writ_issuance","fields":{"target":"production"}}]',
  }).toString();
  const dpop = key.prove({ method: 'POST', url: TARGET, now, nonce, jti: randomUUID() });
  return post(body, `DPoP: ${dpop}\r\n`);
}

/** client_credentials as oidc-provider takes it: the same bytes each time. */
export function clientCredentials(): Buffer {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'svc-payments',
    client_secret: 'bench-secret-of-no-worth-0123456789',
    resource: 'https://deploy.acme.example',
    scope: 'deploy:read',
  }).toString();
  return post(body, '');
}

function post(body: string, headers: string): Buffer {
  const type = 'Content-Type: application/x-www-form-urlencoded';
  return Buffer.from(
    `POST /token HTTP/1.1\r\nHost: 127.0.0.1\r\n${type}\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`,
    'latin1',
  );
}

/** Any answer of the token endpoint carries one. */
async function freshNonce(port: number): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': 0 };
    const asked = request(
      { port, host: '127.0.0.1', path: '/token', method: 'POST', headers },
      (response) => {
        response.resume();
        resolve(String(response.headers['dpop-nonce'] ?? ''));
      },
    );
    asked.once('error', reject);
    asked.end();
  });
}
