import { hash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import {
  calculateJwkThumbprint,
  createRemoteJWKSet,
  EmbeddedJWK,
  errors,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { text } from './json.ts';

/** A resource server that trusts one issuer and asks it nothing but its public keys. */
export interface DeployApi extends AsyncDisposable {
  readonly url: string;
}

export interface DeployApiOptions {
  /** whose tokens are accepted */
  readonly issuer: string;
  readonly jwks: string;
  /** what tokens must be for */
  readonly audience: string;
  readonly scope: string;
  /** hears one line for each request */
  readonly log: (line: string) => void;
}

/** Seconds that a proof is fresh. */
const FRESH = 60;
/** Characters of a proof's `jti`: what is remembered must be small. */
const LONGEST_ID = 256;

class Refused extends Error {
  override readonly name = 'Refused';
}

export async function startDeployApi(options: DeployApiOptions): Promise<DeployApi> {
  const keys = createRemoteJWKSet(new URL(options.jwks));
  /** proofs seen; a server that lives longer forgets those that are no longer fresh */
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    void check(request)
      .then((token) => ({ status: 200, body: { deployed: true, by: token.sub }, challenge: '' }), refusal)
      .then(({ status, body, challenge }) => {
        options.log(`${request.method} ${request.url} ${status} ${JSON.stringify(body)}`);
        if (challenge !== '') response.setHeader('WWW-Authenticate', challenge);
        return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the deploy API listens on no port');
  const url = `http://127.0.0.1:${address.port}/deployments`;

  /** RFC 9068 §4 and RFC 9449 §4.3: each line is a rule, and the first that fails refuses. */
  async function check(request: IncomingMessage): Promise<JWTPayload> {
    const token = /^DPoP ([\w.-]+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new Refused('the token must come under the scheme DPoP');
    const { payload } = await jwtVerify(token, keys, {
      issuer: options.issuer,
      audience: options.audience,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id'],
    });
    if (typeof payload.aud !== 'string') throw new Refused('the token is for several audiences');
    await checkProof(request, token, payload);
    const scopes = String(payload['scope']).split(' ');
    if (!scopes.includes(options.scope)) throw new Refused(`the token lacks the scope ${options.scope}`);
    return payload;
  }

  async function checkProof(request: IncomingMessage, token: string, { cnf }: JWTPayload): Promise<void> {
    const [proof, ...more] = request.headersDistinct['dpop'] ?? [];
    if (proof === undefined || more.length > 0) throw new Refused('exactly one proof is needed');
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ['ES256'],
      maxTokenAge: FRESH,
      requiredClaims: ['jti', 'htm', 'htu', 'ath'],
    });
    if (payload['htm'] !== request.method) throw new Refused('the proof is for another method');
    if (payload['htu'] !== url) throw new Refused('the proof is for another address');
    if (payload['ath'] !== hash('sha256', token, 'base64url'))
      throw new Refused('the proof is for another token');
    const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk ?? {});
    if (text(cnf, 'jkt') !== thumbprint) throw new Refused('the proof is by another key than cnf.jkt');
    const id = text(payload, 'jti');
    if (id === '' || id.length > LONGEST_ID) throw new Refused('the proof has no jti of 1 to 256 characters');
    if (seen.has(id)) throw new Refused('the proof has been used');
    seen.add(id);
  }

  return {
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

function refusal(error: unknown): { status: number; body: object; challenge: string } {
  if (!(error instanceof Refused) && !(error instanceof errors.JOSEError))
    return { status: 500, body: { error: 'server_error' }, challenge: '' };
  const said = error.message.replaceAll('"', '');
  const challenge = `DPoP error="invalid_token", error_description="${said}", algs="ES256"`;
  return { status: 401, body: { error: 'invalid_token', error_description: said }, challenge };
}
