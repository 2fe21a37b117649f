// A workload's side of one token exchange: no dependencies, Node 20 or later.
//
//   WRIT_URL        where Writ is                            http://localhost:8420
//   WRIT_CLIENT_ID  short name of the identity               svc-payments
//   WRIT_RESOURCE   what the token is for                    https://deploy.acme.example
//   WRIT_SCOPE      scopes, separated by spaces              deploy:read
//   WRIT_DETAILS    { flow?, ttl?, fields? } as JSON         {"fields":{"target":"staging"}}
//   WRIT_AUDIENCE   audience of the anchor, for GitHub       https://writ.acme.example
//   EVIDENCE        the identity token; in GitHub Actions it is fetched, if the job has `id-token: write`
//   OUT             directory for token, receipt and key     .
//
// It writes `access-token`, `receipt` and `dpop-key.json` for their owner alone and prints neither. Exit code 3: refused.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const {
  WRIT_URL = 'http://localhost:8420',
  WRIT_CLIENT_ID = '',
  WRIT_RESOURCE = '',
  WRIT_SCOPE = '',
  WRIT_DETAILS = '{}',
  OUT = '.',
} = process.env;

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The identity token of this run. */
async function evidence() {
  const { EVIDENCE, ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN, WRIT_AUDIENCE } = process.env;
  if (EVIDENCE) return EVIDENCE.trim();
  if (!ACTIONS_ID_TOKEN_REQUEST_URL) throw new Error('set EVIDENCE, or give the job `id-token: write`');
  const url = `${ACTIONS_ID_TOKEN_REQUEST_URL}&audience=${encodeURIComponent(WRIT_AUDIENCE ?? '')}`;
  const answer = await fetch(url, { headers: { authorization: `bearer ${ACTIONS_ID_TOKEN_REQUEST_TOKEN}` } });
  return (await answer.json()).value;
}

/** A proof of possession of the key for one request (RFC 9449 §4.2). */
function prove({ privateKey, jwk }, method, url, nonce) {
  const iat = Math.floor(Date.now() / 1000);
  const header = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk });
  const input = `${header}.${encode({ jti: randomUUID(), htm: method, htu: url, iat, nonce })}`;
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** Asks, and once more with the nonce that the first answer brings. */
async function exchange(key, form) {
  const metadata = await fetch(`${WRIT_URL}/.well-known/openid-configuration`);
  const { token_endpoint: url } = await metadata.json();
  let nonce;
  for (;;) {
    const headers = { dpop: prove(key, 'POST', url, nonce) };
    const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
    const body = await answer.json();
    if (body.error !== 'use_dpop_nonce' || nonce !== undefined) return { status: answer.status, body };
    nonce = answer.headers.get('dpop-nonce');
  }
}

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = { privateKey, jwk: publicKey.export({ format: 'jwk' }) };
const { status, body } = await exchange(key, {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  client_id: WRIT_CLIENT_ID,
  resource: WRIT_RESOURCE,
  scope: WRIT_SCOPE,
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  subject_token: await evidence(),
  authorization_details: JSON.stringify([{ type: 'writ_issuance', ...JSON.parse(WRIT_DETAILS) }]),
});

if (status === 200) {
  mkdirSync(OUT, { recursive: true });
  const keep = (name, text) => writeFileSync(join(OUT, name), text, { mode: 0o600 });
  keep('access-token', body.access_token);
  keep('receipt', body.writ_receipt);
  keep('dpop-key.json', JSON.stringify(privateKey.export({ format: 'jwk' })));
  process.stdout.write(
    `${body.token_type} token for ${body.scope}, ${body.expires_in} s, ledger #${body.writ_index}, ${body.writ_run}\n`,
  );
} else {
  process.stdout.write(`${JSON.stringify(body, null, 2)}\n`);
  process.exitCode = 3;
}
