import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type OidcIssuer, prepare, startOidcIssuer } from '@writ/testkit';
import type { AuthorizationServer } from 'oauth4webapi';
import type { Canary } from './canary.ts';
import { type DeployApi, startDeployApi } from './deploy-api.ts';
import { Left } from './expect.ts';
import { createIntrospector, type Introspector } from './introspection.ts';
import type { Runner, Wish } from './runner.ts';
import type { Granted } from './token-request.ts';
import { createWrit, type Writ } from './writ-process.ts';

export const DEPLOY = 'https://deploy.acme.example';
export const ARTIFACTS = 'https://artifacts.acme.example';
/** What the release run asks for. */
export const DEPLOYING: Wish = { clientId: 'svc-payments', resource: DEPLOY, scope: 'deploy:write' };
export const READING: Wish = { clientId: 'svc-payments', resource: ARTIFACTS, scope: 'deploy:read' };

/** What every demo has. */
export interface Stage extends AsyncDisposable {
  readonly canary: Canary;
  readonly writ: Writ;
  /** Writ's data directory */
  readonly data: string;
  /** everything this run writes is below it */
  readonly scratch: string;
}

/** Everything on stage: real processes, real HTTP, one temporary directory. */
export interface Scene extends Stage {
  /** signs claims in GitHub's shape */
  readonly github: OidcIssuer;
  readonly deployApi: DeployApi;
  readonly artifactsApi: DeployApi;
  readonly introspector: Introspector;
  readonly server: Left<AuthorizationServer>;
  /** the release run: its evidence, its key and what it was granted */
  readonly release: Left<{ readonly evidence: string; readonly runner: Runner; readonly granted: Granted }>;
}

/** `files` are written over the copy of the example. */
export async function openScene(
  canary: Canary,
  files: Readonly<Record<string, string>> = {},
): Promise<Scene> {
  await using opening = new AsyncDisposableStack();
  const scratch = mkdtempSync(join(tmpdir(), 'writ-demo-'));
  opening.defer(() => rmSync(scratch, { recursive: true, force: true }));
  const directory = join(scratch, 'acme');
  const data = join(scratch, 'data');
  const github = opening.use(await startOidcIssuer({ now: Date.now }));
  const introspector = await createIntrospector(canary);
  prepare(directory, github.issuer, introspector.publicKey, files);
  const writ = opening.use(createWrit({ directory, data, port: await freePort() }, canary));
  const api = (audience: string, scope: string): Promise<DeployApi> =>
    startDeployApi({
      issuer: writ.url,
      jwks: `${writ.url}/jwks`,
      audience,
      scope,
      log: (line) => canary.hear(`log of ${audience}`, line),
    });
  const deployApi = opening.use(await api(DEPLOY, DEPLOYING.scope));
  const artifactsApi = opening.use(await api(ARTIFACTS, READING.scope));
  const closing = opening.move();
  return {
    canary,
    writ,
    data,
    scratch,
    github,
    deployApi,
    artifactsApi,
    introspector,
    server: new Left('discover'),
    release: new Left('exchange'),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
