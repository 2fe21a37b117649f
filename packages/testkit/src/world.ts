import { generateKeyPairSync, type JsonWebKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Running } from '@writ/server/commands';
import { dev } from '@writ/server/commands';
import { GITHUB_CLAIMS } from './ci-claims.ts';
import type { DpopKey } from './dpop-key.ts';
import { type OidcIssuer, startOidcIssuer } from './oidc-issuer.ts';

/** Where the example installation is, from here. */
export const ACME: string = resolve(import.meta.dirname, '../../../examples/acme');

const DEPLOY = 'https://deploy.acme.example';

export interface WorldOptions {
  /** files to write over the copy of the example, by path */
  readonly files?: Readonly<Record<string, string>>;
  /** a data directory to keep; default: a new one that is removed with the world */
  readonly data?: string;
  /** the host that the public URL names; an address has no passkeys and no sample people. Default 127.0.0.1 */
  readonly host?: 'localhost';
  /** default: one that is free */
  readonly port?: number;
}

/** What the token endpoint answered. */
export interface TokenResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ReportedEvent {
  readonly event: string;
  readonly details: Readonly<Record<string, string | number>>;
}

/** A whole small installation, running: Writ over HTTP on a real store, an issuer of CI tokens, a resource server's key. */
export interface World extends AsyncDisposable {
  readonly url: string;
  /** the copy of the example that is served */
  readonly directory: string;
  readonly data: string;
  /** signs in the shape of GitHub; the anchor `github-actions/acme` believes it */
  readonly github: OidcIssuer;
  readonly running: Running;
  /** what the server reported, in order */
  readonly events: readonly ReportedEvent[];
  /** The form of a good token exchange; `changes` are written over it, `undefined` takes a parameter away. */
  form(changes?: Readonly<Record<string, string | undefined>>): URLSearchParams;
  /** Exchanges with a proof by `key` under the server's nonce. */
  exchange(key: DpopKey, changes?: Readonly<Record<string, string | undefined>>): Promise<TokenResponse>;
  post(
    path: string,
    body: URLSearchParams | string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<TokenResponse>;
  nonce(): Promise<string>;
  /** Asks as the resource server of https://deploy.acme.example. */
  introspect(token: string): Promise<TokenResponse>;
  /** A private_key_jwt of the resource server `deploy-api`; `claims` are written over a good one. */
  clientAssertion(claims?: Readonly<Record<string, unknown>>): string;
  stop(): Promise<void>;
}

/** Starts a world on free ports of 127.0.0.1. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const scratch = mkdtempSync(join(tmpdir(), 'writ-'));
  const directory = join(scratch, 'acme');
  const data = options.data ?? join(scratch, 'data');
  const github = await startOidcIssuer({ now: Date.now });
  const resourceServer = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  prepare(directory, github.issuer, resourceServer.publicKey.export({ format: 'jwk' }), options.files ?? {});
  const port = options.port ?? (await freePort());
  const url = `http://${options.host ?? '127.0.0.1'}:${port}`;
  const events: ReportedEvent[] = [];
  const running = await dev(
    { directory, data, listen: `127.0.0.1:${port}`, publicUrl: url },
    (event, details) => {
      events.push({ event, details });
    },
  );

  const post: World['post'] = async (path, body, headers = {}) => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(url + path, {
      method: 'POST',
      body: String(body),
      headers: { ...type, ...headers },
    });
    const text = await response.text();
    const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {};
    return {
      status: response.status,
      headers: response.headers,
      body: typeof parsed === 'object' ? { ...parsed } : {},
    };
  };
  const nonce: World['nonce'] = async () => {
    const { headers } = await post('/token', '');
    return headers.get('dpop-nonce') ?? '';
  };
  const clientAssertion: World['clientAssertion'] = (claims = {}) =>
    signAssertion({ iss: 'deploy-api', sub: 'deploy-api', aud: url, ...claims }, resourceServer.privateKey);
  const form: World['form'] = (changes = {}) => {
    const good: Record<string, string | undefined> = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      client_id: 'svc-payments',
      resource: DEPLOY,
      scope: 'deploy:read',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      subject_token:
        'subject_token' in changes ? undefined : github.sign({ ...GITHUB_CLAIMS, jti: randomUUID() }),
      authorization_details: JSON.stringify([{ type: 'writ_issuance', fields: { target: 'production' } }]),
      ...changes,
    };
    return new URLSearchParams(
      Object.entries(good).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  };
  const stop = async (): Promise<void> => {
    running.stop();
    await running.stopped;
    await github.close();
  };
  return {
    url,
    directory,
    data,
    github,
    running,
    events,
    form,
    post,
    nonce,
    clientAssertion,
    stop,
    exchange: async (key, changes) => {
      const proof = key.prove({ method: 'POST', url: `${url}/token`, now: Date.now(), nonce: await nonce() });
      return post('/token', form(changes), { dpop: proof });
    },
    introspect: async (token) => {
      const body = new URLSearchParams({
        token,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: clientAssertion(),
      });
      return post('/introspect', body);
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** A copy of the example whose GitHub anchor believes `issuer`, and whose deploy API may introspect. */
export function prepare(
  directory: string,
  issuer: string,
  jwk: JsonWebKey,
  files: Readonly<Record<string, string>>,
): void {
  cpSync(ACME, directory, { recursive: true });
  const anchor = join(directory, 'anchors/github-actions.yaml');
  const local = `issuer: ${issuer}\nprivate-addresses: allowed`;
  writeFileSync(anchor, readFileSync(anchor, 'utf8').replace(/^issuer: .*$/m, local));
  const audiences = join(directory, 'audiences.yaml');
  const key = JSON.stringify({ ...jwk, kid: 'deploy-api-1' });
  const introspection = `introspection: { client: deploy-api, keys: [${key}] }`;
  writeFileSync(
    audiences,
    readFileSync(audiences, 'utf8').replace(
      /(uri: "https:\/\/deploy\.acme\.example".*?) \}$/m,
      `$1, ${introspection} }`,
    ),
  );
  for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
}

/** Seconds a client assertion lives. */
const ASSERTION_LIFE = 60;

function signAssertion(claims: Readonly<Record<string, unknown>>, key: KeyObject): string {
  const iat = Math.floor(Date.now() / 1000);
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { iat, exp: iat + ASSERTION_LIFE, jti: randomUUID(), ...claims };
  const input = `${encode({ alg: 'ES256', typ: 'client-authentication+jwt', kid: 'deploy-api-1' })}.${encode(payload)}`;
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** A port that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise<void>((done) => server.close(() => done()));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
