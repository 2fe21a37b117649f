import { generateKeyPair, type JsonWebKey, type KeyObject, sign as signBytes } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { type AtTheBrowser, type CodeFlowBehaviour, createCodeFlow } from './oidc-code-flow.ts';

const generate = promisify(generateKeyPair);

export type SigningAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'ES384' | 'Ed25519' | 'EdDSA';

/** How the issuer answers from now on. Tokens it signs stay good ones. */
export type IssuerBehaviour =
  | 'honest'
  | 'wrong-issuer' // discovery names another issuer
  | 'private-jwks-uri' // discovery points at a cloud metadata service
  | 'redirect'
  | 'huge-body' // 50 MB
  | 'slow-body' // a byte every 50 ms, without end
  | 'silent' // takes the request and says nothing
  | 'changed-keys' // the same `kid`, another key
  | 'no-keys'
  | 'malformed' // JSON with a repeated member
  | 'error'; // 500

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Members to be written as JSON, or bytes to be used as they are, so that what no library would write can be signed too. */
export type JwsPart = Readonly<Record<string, unknown>> | Uint8Array;

export interface SignOverrides {
  /** merged over `alg`, `typ` and `kid`; `undefined` takes one away; bytes are the whole header, verbatim */
  readonly header?: JwsPart;
  readonly key?: KeyObject;
}

/** A real little OIDC issuer over HTTP on loopback: discovery, keys, tokens, and every way to be a bad one. */
export interface OidcIssuer extends AsyncDisposable {
  readonly issuer: string;
  readonly algorithm: SigningAlgorithm;
  /** paths asked for, in order */
  readonly requests: readonly string[];
  /** bytes of huge bodies that were taken from it so far */
  readonly hugeBytes: number;
  /** `kid` of the present key */
  readonly kid: string;
  /** the present key's public half */
  readonly jwk: JsonWebKey;
  /**
   * A token with `claims` over `iss`, `iat`, `exp` (5 minutes) and `jti`; `undefined` takes one away; bytes are the
   * whole payload, verbatim.
   */
  sign(claims: JwsPart, overrides?: SignOverrides): string;
  /** Makes a new key with a new `kid`; the old one is published no longer unless `keep`. */
  rotateKeys(keep?: boolean): Promise<void>;
  behave(behaviour: IssuerBehaviour): void;
  /** From now on these claims are of whoever is at the browser; null: they cancel. */
  atTheBrowser(claims: AtTheBrowser): void;
  /** How its authorization code flow answers from now on. */
  behaveAtSignIn(behaviour: CodeFlowBehaviour): void;
  close(): Promise<void>;
}

export interface OidcIssuerOptions {
  /** milliseconds since the epoch */
  readonly now: () => number;
  readonly algorithm?: SigningAlgorithm;
  /** path of the issuer, for instance `/tenant`; default none */
  readonly path?: string;
  readonly cacheControl?: string;
  /** is told every token that it signs */
  readonly heard?: (token: string) => void;
}

const HUGE = 50 * 1024 * 1024;

/** Starts an issuer on a free port of 127.0.0.1. */
export async function startOidcIssuer(options: OidcIssuerOptions): Promise<OidcIssuer> {
  const { now, algorithm = 'RS256', path = '', cacheControl = 'max-age=300', heard } = options;
  let behaviour: IssuerBehaviour = 'honest';
  let generation = 1;
  let tokens = 0;
  let pair = await generateSigningKey(algorithm);
  let published: JsonWebKey[] = [publicJwk(pair, algorithm, 'key-1')];
  const stranger = await generateSigningKey(algorithm);
  const requests: string[] = [];
  let hugeBytes = 0;
  let browser: AtTheBrowser = null;
  const server = createServer((request, response) => {
    const asked = request.url ?? '';
    requests.push(asked);
    if (behaviour === 'huge-body') {
      sendHugeBody(response, (bytes) => {
        hugeBytes += bytes;
      });
      return;
    }
    if (respondBadly(behaviour, response)) return;
    if (asked === `${path}/.well-known/openid-configuration`) {
      respondJson(response, 'max-age=300', discovery(issuer, behaviour));
    } else if (asked === `${path}/jwks`) {
      respondJson(response, cacheControl, { keys: keysOf(behaviour) });
    } else if (!codeFlow.answer(request, response)) {
      response.writeHead(404).end();
    }
  });
  const issuer = `http://127.0.0.1:${await listen(server)}${path}`;

  function sign(claims: JwsPart, overrides: SignOverrides = {}): string {
    tokens += 1;
    const iat = Math.floor(now() / 1000);
    const payload =
      claims instanceof Uint8Array
        ? claims
        : { iss: issuer, iat, exp: iat + 300, jti: `token-${tokens}`, ...claims };
    const header =
      overrides.header instanceof Uint8Array
        ? overrides.header
        : { alg: algorithm, typ: 'JWT', kid: `key-${generation}`, ...overrides.header };
    const token = signCompactJws(header, payload, overrides.key ?? pair.privateKey, algorithm);
    heard?.(token);
    return token;
  }

  const codeFlow = createCodeFlow(path, () => browser, sign);

  function keysOf(current: IssuerBehaviour): readonly JsonWebKey[] {
    if (current === 'no-keys') return [];
    return current === 'changed-keys' ? [publicJwk(stranger, algorithm, `key-${generation}`)] : published;
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise<void>((done) => server.close(() => done()));
  }

  return {
    issuer,
    algorithm,
    requests,
    get hugeBytes() {
      return hugeBytes;
    },
    get kid() {
      return `key-${generation}`;
    },
    get jwk() {
      return publicJwk(pair, algorithm, `key-${generation}`);
    },
    sign,
    async rotateKeys(keep = false) {
      pair = await generateSigningKey(algorithm);
      generation += 1;
      const next = publicJwk(pair, algorithm, `key-${generation}`);
      published = keep ? [...published, next] : [next];
    },
    behave(next) {
      behaviour = next;
    },
    atTheBrowser(claims) {
      browser = claims;
    },
    behaveAtSignIn(next) {
      codeFlow.behave(next);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A compact JWS of exactly these parts, signed whatever they say. */
export function signCompactJws(
  header: JwsPart,
  payload: JwsPart,
  key: KeyObject,
  algorithm: SigningAlgorithm,
): string {
  const input = `${encodePart(header)}.${encodePart(payload)}`;
  return `${input}.${signatureOf(Buffer.from(input), key, algorithm).toString('base64url')}`;
}

export async function generateSigningKey(algorithm: SigningAlgorithm): Promise<KeyPair> {
  switch (algorithm) {
    case 'RS256':
    case 'PS256':
      return generate('rsa', { modulusLength: 2048 });
    case 'ES256':
      return generate('ec', { namedCurve: 'P-256' });
    case 'ES384':
      return generate('ec', { namedCurve: 'P-384' });
    case 'Ed25519':
    case 'EdDSA':
      return generate('ed25519');
  }
}

export function publicJwk(pair: KeyPair, algorithm: SigningAlgorithm, kid: string): JsonWebKey {
  return { ...pair.publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' };
}

function signatureOf(input: Buffer, key: KeyObject, algorithm: SigningAlgorithm): Buffer {
  switch (algorithm) {
    case 'RS256':
      return signBytes('sha256', input, key);
    case 'PS256':
      return signBytes('sha256', input, { key, padding: 6, saltLength: 32 });
    case 'ES256':
      return signBytes('sha256', input, { key, dsaEncoding: 'ieee-p1363' });
    case 'ES384':
      return signBytes('sha384', input, { key, dsaEncoding: 'ieee-p1363' });
    case 'Ed25519':
    case 'EdDSA':
      return signBytes(null, input, key);
  }
}

function encodePart(part: JwsPart): string {
  return Buffer.from(part instanceof Uint8Array ? part : JSON.stringify(part)).toString('base64url');
}

function discovery(issuer: string, behaviour: IssuerBehaviour): Readonly<Record<string, unknown>> {
  return {
    issuer: behaviour === 'wrong-issuer' ? `${issuer}/` : issuer,
    jwks_uri: behaviour === 'private-jwks-uri' ? 'http://169.254.169.254/latest/jwks' : `${issuer}/jwks`,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    response_types_supported: ['code', 'id_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_post'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    subject_types_supported: ['public'],
  };
}

/** Whether the behaviour is one that answers every path alike, and has answered. */
function respondBadly(behaviour: IssuerBehaviour, response: ServerResponse): boolean {
  switch (behaviour) {
    case 'redirect':
      response.writeHead(302, { location: '/elsewhere' }).end();
      return true;
    case 'error':
      response.writeHead(500).end('{}');
      return true;
    case 'malformed':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":[],"keys":[]}');
      return true;
    case 'slow-body':
      dripBody(response);
      return true;
    case 'silent':
      return true;
    default:
      return false;
  }
}

function sendHugeBody(response: ServerResponse, sent: (bytes: number) => void): void {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  let left = HUGE;
  const send = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      sent(chunk.length);
      if (!response.write(chunk)) return;
    }
    response.end('{}');
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.on('drain', send);
  send();
}

function dripBody(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
}

function respondJson(response: ServerResponse, cacheControl: string, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': cacheControl });
  response.end(JSON.stringify(body));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('issuer listens on no port');
  return address.port;
}
