import type { JsonWebKey } from 'node:crypto';
import { generateSigningKey, publicJwk, signCompactJws, startFactServer } from '@writ/testkit';

/** What the company knows, asked over HTTP: who owns a repository, whether a ticket is open, how risky an agent is. */
export interface FactDesk extends AsyncDisposable {
  readonly origin: string;
  readonly jwk: JsonWebKey;
  /** From now on this is the score of every agent; null: the source is down. */
  setRisk(score: number | null): void;
}

const KID = 'facts-1';
/** Seconds an answer may be given again. */
const LIFE = 60;
const OWNERS: ReadonlyMap<string, string> = new Map([
  ['acme/reporting', 'group:platform-security'],
  ['acme/triage', 'group:ai-platform'],
  ['acme/northwind', 'group:integrations'],
]);
const OPEN_TICKETS: readonly string[] = ['SEC-1', 'SEC-2', 'SEC-3'];

/** `audience`: the installation that may ask. Every answer is signed, and about the very URL that was asked. */
export async function startFactDesk(audience: string): Promise<FactDesk> {
  const keys = await generateSigningKey('ES256');
  let risk: number | null = 10;

  const valueOf = ({ pathname, searchParams }: URL): unknown => {
    if (pathname.startsWith('/risk/')) return risk === null ? undefined : { score: risk };
    if (pathname.startsWith('/workspaces/')) return { kind: 'managed', region: 'eu' };
    const owner = OWNERS.get(searchParams.get('repository') ?? '');
    const ticket = OPEN_TICKETS.includes(searchParams.get('ticket') ?? '') ? 'open' : 'unknown';
    return pathname === '/ownership' && owner !== undefined ? { owner, ticket } : undefined;
  };

  const server = await startFactServer((request, response) => {
    const url = `${server.origin}${request.url ?? ''}`;
    const value = valueOf(new URL(url));
    if (value === undefined) {
      response.writeHead(503).end();
      return;
    }
    const iat = Math.floor(Date.now() / 1000);
    const payload = { aud: audience, sub: url, iat, exp: iat + LIFE, value };
    const header = { alg: 'ES256', typ: 'writ-fact+jwt', kid: KID };
    const answer = signCompactJws(header, payload, keys.privateKey, 'ES256');
    response.writeHead(200, { 'content-type': 'application/jwt' }).end(answer);
  });
  return {
    origin: server.origin,
    jwk: publicJwk(keys, 'ES256', KID),
    setRisk: (score) => {
      risk = score;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
