import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { createDpopKey, type DpopKey, GITHUB_CLAIMS, signCompactJws, type World } from '@writ/testkit';

export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** members of the JSON object in the body; none where it is something else */
  readonly body: Readonly<Record<string, unknown>>;
}

export const FORM = 'application/x-www-form-urlencoded';
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Sends exactly this: headers as often as they are given, bytes as they are. A POST is a form unless it says otherwise. */
export async function send(base: string, sent: Sent): Promise<Received> {
  const { method = 'POST', path, headers = {}, body } = sent;
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  const { hostname, port } = new URL(base);
  const type = method === 'POST' && !('content-type' in headers) ? { 'content-type': FORM } : {};
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const all = { ...type, ...length, ...headers };
  const outgoing = request({ hostname, port, agent, method, path, headers: all }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text,
        body: text.startsWith('{') ? { ...(JSON.parse(text) as object) } : {},
      });
    });
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

/** A good proof for the token endpoint, or another. */
export function proofBy(world: World, key: DpopKey, nonce: string, path = '/token'): string {
  return key.prove({ method: 'POST', url: world.url + path, now: Date.now(), nonce });
}

/** A fresh CI token of the example's repository; `claims` are written over it. */
export function ciToken(world: World, claims: Readonly<Record<string, unknown>> = {}): string {
  return world.github.sign({ ...GITHUB_CLAIMS, jti: randomUUID(), ...claims });
}

/** A token that was issued. @throws when it was not */
export async function issuedToken(world: World, key: DpopKey = createDpopKey()): Promise<string> {
  const { body } = await world.exchange(key);
  if (typeof body['access_token'] !== 'string') throw new Error(JSON.stringify(body));
  return body['access_token'];
}

export function issuedCount(world: World): number {
  return world.events.filter(({ event }) => event === 'issued').length;
}

/** The rights of the example's pipeline, under this budget. */
export function deployRights(budget = '', more = ''): Readonly<Record<string, string>> {
  const right = (id: string, audience: string, line: string): string => `
  - id: ${id}
    owner: group:platform-security
    authority: for the tests
    identity: svc-payments
    flow: ci-deploy-token
    audience: ${audience}
    scopes: ["deploy:read", "deploy:write"]
    max-ttl: 15m
    expires: 2030-01-01T00:00:00Z
    revocation: introspection
${line}`;
  const deploy = right('payments-deploy', 'https://deploy.acme.example', budget + more);
  const artifacts = right('payments-artifacts', 'https://artifacts.acme.example', '');
  return { 'rights/deploy.yaml': `writ: rights/v1\nrights:${deploy}${artifacts}\n` };
}

/** A resource server that authenticates by its own key. */
export interface ResourceServer {
  readonly client: string;
  readonly key: KeyObject;
  assertion(issuer: string, changes?: Readonly<Record<string, unknown>>): string;
}

export function createResourceServer(client: string): ResourceServer & { readonly introspection: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = JSON.stringify({ ...publicKey.export({ format: 'jwk' }), kid: `${client}-1` });
  return {
    client,
    key: privateKey,
    introspection: `introspection: { client: ${client}, keys: [${jwk}] }`,
    assertion: (issuer, changes = {}) => {
      const iat = Math.floor(Date.now() / 1000);
      const payload = {
        iss: client,
        sub: client,
        aud: issuer,
        iat,
        exp: iat + 60,
        jti: randomUUID(),
        ...changes,
      };
      const header = { alg: 'ES256', typ: 'client-authentication+jwt', kid: `${client}-1` };
      return signCompactJws(header, payload, privateKey, 'ES256');
    },
  };
}

/** The example's audiences, of which two introspect. */
export function audiences(
  deploy: { readonly introspection: string },
  artifacts: { readonly introspection: string },
): Readonly<Record<string, string>> {
  const line = (uri: string, owner: string, more = ''): string =>
    `  - { uri: "https://${uri}", owner: group:${owner}, enforces: [dpop]${more} }`;
  const lines = [
    line('deploy.acme.example', 'platform-security', `, ${deploy.introspection}`),
    line('artifacts.acme.example', 'platform-security', `, ${artifacts.introspection}`),
    line('tools.acme.example/mcp/crm', 'ai-platform'),
    line('tools.acme.example/mcp/search', 'ai-platform'),
    line('tools.acme.example/mcp/shell', 'ai-platform'),
    line('edge.acme.example', 'device-trust'),
    line('billing.acme.example', 'integrations'),
    line('ledger.acme.example', 'integrations'),
    line('reports.acme.example', 'platform-security'),
  ];
  return { 'audiences.yaml': `writ: audiences/v1\naudiences:\n${lines.join('\n')}\n` };
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A form that asks as this resource server. */
export function asClient(
  assertion: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return { client_assertion_type: ASSERTION_TYPE, client_assertion: assertion, ...more };
}

export function encoded(form: Readonly<Record<string, string>>): string {
  return new URLSearchParams(form).toString();
}

/** The other signature over the same signing input: (r, n − s) verifies too (T20). */
export function otherSignature(token: string): string {
  const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const dot = token.lastIndexOf('.');
  const bytes = Buffer.from(token.slice(dot + 1), 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const other = Buffer.from((N - s).toString(16).padStart(64, '0'), 'hex');
  return `${token.slice(0, dot)}.${Buffer.concat([bytes.subarray(0, 32), other]).toString('base64url')}`;
}

/** Other spellings of the same bytes: none may be taken for the token (T6, I8). */
export function otherSpellings(token: string): readonly string[] {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(token.at(-1) ?? '');
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [
    token.slice(0, -1) + (alphabet[last + 1] ?? 'B'),
    `${token}=`,
    `${token}==`,
    `${token} `,
    `${token}\n`,
    ` ${token}`,
    `\u{feff}${token}`,
    `${token}.`,
    `${token}.x`,
    `.${token}`,
    `Bearer ${token}`,
    `${header} .${payload}.${signature}`,
    `${header}=.${payload}.${signature}`,
    `${header}.${payload}\r\n.${signature}`,
    `${header}.${payload}%2E${signature}`,
    token.replaceAll('-', '+').replaceAll('_', '/') === token
      ? `${token}+`
      : token.replaceAll('-', '+').replaceAll('_', '/'),
    JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
    JSON.stringify({ payload, protected: header, signature }),
  ];
}
