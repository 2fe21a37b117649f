import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, hash, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type AuditReport, audit } from '@writ/server/commands';
import {
  createDpopKey,
  freePort,
  GITHUB_CLAIMS,
  type OidcIssuer,
  prepare,
  startOidcIssuer,
} from '@writ/testkit';

/** What is known after a server has been killed again and again under load. */
export interface Aftermath {
  /** tbs digests of every token a client received whole */
  readonly acknowledged: readonly string[];
  /** tbs digests of everything an issuer key signed, received or not */
  readonly signed: readonly string[];
  /** tbs digests in the ledger */
  readonly logged: ReadonlySet<string>;
  readonly report: AuditReport;
}

const CLIENTS = 8;
const ROOT = join(import.meta.dirname, '../..');

/** Starts a server, loads it, kills it with SIGKILL at a moment of its own choosing, `kills` times on one data directory. */
export async function killUnderLoad(kills: number, mode: 'honest' | 'sabotage'): Promise<Aftermath> {
  const scratch = mkdtempSync(join(tmpdir(), 'writ-crash-'));
  const [directory, data, signatures] = ['acme', 'data', 'signatures'].map((name) => join(scratch, name));
  if (directory === undefined || data === undefined || signatures === undefined)
    throw new Error('no scratch directory');
  await using issuer = await startOidcIssuer({ now: Date.now });
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  prepare(directory, issuer.issuer, publicKey.export({ format: 'jwk' }), {
    'rights/deploy.yaml': unlimitedRight(),
  });
  const acknowledged: string[] = [];
  try {
    for (let kill = 0; kill < kills; kill++) {
      const port = await freePort();
      const server = spawnServer([directory, data, String(port), mode], signatures);
      await ready(server);
      const load = { on: true };
      const clients = Array.from({ length: CLIENTS }, () => exchangeUntil(load, port, issuer, acknowledged));
      // Somewhere between a cold start and full load; the fraction differs from kill to kill without being random.
      await new Promise((done) => setTimeout(done, 150 + ((kill * 97) % 350)));
      server.kill('SIGKILL');
      load.on = false;
      await Promise.all([...clients, exited(server)]);
    }
    const report = await audit({ data }, () => undefined);
    return { acknowledged, signed: lines(signatures), logged: digestsIn(join(data, 'writ.db')), report };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function spawnServer(args: readonly string[], signatures: string): ChildProcess {
  const node = ['--conditions=writ:source', '--import', join(ROOT, 'test/crash/record-signatures.mjs')];
  return spawn(process.execPath, [...node, join(ROOT, 'test/crash/server.ts'), ...args], {
    env: { ...process.env, SIGNATURES: signatures },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function ready(server: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.stdout?.once('data', () => resolve());
    server.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready`)));
  });
}

async function exited(server: ChildProcess): Promise<void> {
  if (server.exitCode === null && server.signalCode === null)
    await new Promise((done) => server.once('exit', done));
}

async function exchangeUntil(
  load: { on: boolean },
  port: number,
  issuer: OidcIssuer,
  acknowledged: string[],
): Promise<void> {
  const url = `http://127.0.0.1:${port}/token`;
  const key = createDpopKey();
  let nonce = '';
  while (load.on) {
    const proof = key.prove({ method: 'POST', url, now: Date.now(), nonce, jti: randomUUID() });
    try {
      const response = await fetch(url, { method: 'POST', body: form(issuer), headers: { dpop: proof } });
      nonce = response.headers.get('dpop-nonce') ?? nonce;
      const body: unknown = await response.json();
      const token = typeof body === 'object' && body !== null ? Reflect.get(body, 'access_token') : undefined;
      if (typeof token === 'string') acknowledged.push(tbsDigest(token));
    } catch {
      // The connection died with the server: nothing was acknowledged on it.
    }
  }
}

function form(issuer: OidcIssuer): URLSearchParams {
  return new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    client_id: 'svc-payments',
    resource: 'https://deploy.acme.example',
    scope: 'deploy:read',
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    subject_token: issuer.sign({ ...GITHUB_CLAIMS, jti: randomUUID() }),
    authorization_details: '[{"type":"writ_issuance","fields":{"target":"production"}}]',
  });
}

function tbsDigest(token: string): string {
  return hash('sha256', `writ/tbs/jwt/1\n${token.slice(0, token.lastIndexOf('.'))}`, 'hex');
}

function digestsIn(database: string): ReadonlySet<string> {
  const db = new DatabaseSync(database, { readOnly: true });
  const rows = db.prepare('SELECT leaf FROM entries').all();
  db.close();
  return new Set(
    rows.map(({ leaf }) =>
      leaf instanceof Uint8Array ? Buffer.from(leaf.subarray(58)).toString('hex') : '',
    ),
  );
}

function lines(path: string): readonly string[] {
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

function unlimitedRight(): string {
  return `writ: rights/v1
rights:
  - id: payments-deploy
    owner: group:platform-security
    authority: load
    identity: svc-payments
    flow: ci-deploy-token
    audience: https://deploy.acme.example
    scopes: ["deploy:read"]
    max-ttl: 15m
    expires: 2030-01-01T00:00:00Z
    revocation: introspection
`;
}
