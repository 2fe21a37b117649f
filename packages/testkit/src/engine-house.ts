import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Commit, CommitResult, Value } from '@writ/core';
import type { Answer, Asked, Engine, Issued, Ports } from '@writ/engine';
import { compose, type House, type OpenStore, openDataDirectory, openStore, readConfig } from '@writ/server';
import { type AuditReport, audit } from '@writ/server/commands';
import { type Edit, type Installation, loadAcme, NOON, personEvidence } from './facts.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createPaperAttestor, paperIssuer, paperToken } from './paper-attestor.ts';
import { createSeededIds } from './seeded-ids.ts';
import { ACME } from './world.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const AGENTS = 'https://spiffe.agents.acme.example';
const LOGIN = 'https://login.acme.example';

/** The key that good requests are bound to. */
export const HOLDER_KEY = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';

export interface EngineHouseOptions {
  /** edits to the example installation */
  readonly edits?: readonly Edit[];
  /** whether the genesis is marked as not reviewed */
  readonly dev?: boolean;
  /** a data directory to keep; default: a new one that is removed with the house */
  readonly data?: string;
  readonly clock?: FakeClock;
  /** what the ids are drawn from: two processes on one store must not draw the same */
  readonly seed?: string;
  /** how the store is opened; a replica then opens it anew, and does not share it */
  readonly open?: OpenStore;
  /** what each engine of the house is given instead: another part in the place of one */
  readonly adapt?: (ports: Ports) => Ports;
}

/**
 * The engine on a real store, with the real ledger and issuer, a clock that stands still, ids that repeat, and evidence on
 * paper: everything but HTTP and signatures of others.
 */
export interface EngineHouse extends AsyncDisposable {
  readonly engine: Engine;
  readonly house: House;
  readonly data: string;
  readonly clock: FakeClock;
  readonly installation: Installation;
  readonly events: readonly { readonly event: string; readonly details: Readonly<Record<string, unknown>> }[];
  /** A good request of `svc-payments`, with evidence and a proof that nobody has used; `changes` over it. */
  asked(changes?: Partial<Asked>): Asked;
  /** A good request of `agent-crm`. Its workload token is handed out repeatedly, so it is an argument. */
  askedByAgent(changes?: Partial<Asked>, workloadToken?: string): Asked;
  /** A release run's token, with other claims over it. */
  ciToken(claims?: Readonly<Record<string, Value>>): string;
  workloadToken(claims?: Readonly<Record<string, Value>>): string;
  /** Asks, and throws unless it is issued. */
  issued(changes?: Partial<Asked>): Promise<Issued>;
  /** Makes the example with these edits the artefact set in force, as `writ dev` would. */
  adopt(...edits: readonly Edit[]): Promise<Installation>;
  /** What happens before a commit reaches the store from now on, and what may stand in its place. */
  intercept(before: ((commit: Commit) => Promise<CommitResult | undefined>) | null): void;
  /** What happens before cells are read from now on. */
  reading(before: (names: readonly string[]) => Promise<void>): void;
  /** What happens while evidence is verified from now on. */
  meanwhile(during: () => Promise<void>): void;
  /** Another process, as it were, on the same store: with its own memory, its own keys in it, and its own ids. */
  replica(seed: string): Promise<Engine>;
  /** The one oracle: the audit of the whole store. */
  audit(): Promise<AuditReport>;
  /** Disposes of the house, and throws if the audit finds anything. */
  close(): Promise<void>;
}

export async function openEngineHouse(options: EngineHouseOptions = {}): Promise<EngineHouse> {
  const scratch = mkdtempSync(join(tmpdir(), 'writ-engine-'));
  const data = options.data ?? join(scratch, 'data');
  const clock = options.clock ?? createFakeClock(NOON);
  const installation = loadAcme(...(options.edits ?? []));
  const events: { event: string; details: Readonly<Record<string, unknown>> }[] = [];
  const directory = openDataDirectory(data);
  const { adapt = (ports) => ports } = options;
  let before: ((commit: Commit) => Promise<CommitResult | undefined>) | null = null;
  let during = async (): Promise<void> => undefined;
  let beforeRead: (names: readonly string[]) => Promise<void> = async () => undefined;
  const build = async (seed: string, open: OpenStore): Promise<House> => {
    const ids = createSeededIds(seed);
    return compose(
      readConfig(ACME),
      directory,
      (event, details) => {
        events.push({ event, details });
      },
      clock.now,
      open,
      (ports) =>
        adapt({
          ...ports,
          ids,
          attestor: createPaperAttestor(async () => during()),
          untrustedIssuer: paperIssuer,
          store: {
            ...ports.store,
            read: {
              ...ports.store.read,
              cells: async (names) => {
                await beforeRead(names);
                return ports.store.read.cells(names);
              },
            },
            commit: async (commit) => (await before?.(commit)) ?? ports.store.commit(commit),
          },
        }),
    );
  };
  const house = await build(options.seed ?? 'engine', options.open ?? openStore);
  const { engine } = house;
  const { publisher } = engine;
  if ((await publisher.currentHash()) === null) await publisher.genesis(installation, options.dev ?? false);
  await engine.keys.start();
  writeFileSync(directory.trustPolicy, `log ${house.logKey.text}\nquorum none\n`);

  let drawn = 0;
  const fresh = (what: string): string => {
    drawn += 1;
    return `${options.seed ?? 'engine'} ${what} ${drawn}`;
  };
  const times = (life: number): { iat: number; exp: number } => {
    const iat = Math.floor(clock.now() / 1000);
    return { iat, exp: iat + life };
  };
  const ciToken: EngineHouse['ciToken'] = (claims = {}) =>
    paperToken({
      iss: GITHUB,
      jti: fresh('run'),
      ...times(300),
      claims: {
        repository: 'acme/payments',
        repository_id: '551237781',
        ref: 'refs/heads/release-2026.11',
        ref_protected: 'true',
        event_name: 'push',
        runner_environment: 'self-hosted',
        environment: 'production',
        actor_id: '12',
        ...claims,
      },
    });
  const workloadToken: EngineHouse['workloadToken'] = (claims = {}) =>
    paperToken({
      iss: AGENTS,
      ...times(300),
      claims: { subject: 'spiffe://agents.acme.example/ns/prod/agent/crm', ...claims },
    });
  const signIn = (): string =>
    paperToken({ iss: LOGIN, jti: fresh('sign-in'), ...times(3600), claims: personEvidence().claims });
  const holder = (): Asked['holder'] => ({
    key: { pop: 'dpop', thumbprint: HOLDER_KEY },
    proof: { key: fresh('proof'), holder: null, until: clock.now() + 120_000 },
  });
  const asked: EngineHouse['asked'] = (changes = {}) => ({
    clientId: 'svc-payments',
    tokens: [{ token: ciToken(), role: 'subject' }],
    audience: 'https://deploy.acme.example',
    scopes: ['deploy:read'],
    flow: null,
    ttl: null,
    fields: { target: 'production' },
    holder: holder(),
    run: null,
    ...changes,
  });
  const opened = new AsyncDisposableStack();
  const dispose = async (): Promise<void> => {
    await opened.disposeAsync();
    await house[Symbol.asyncDispose]();
    rmSync(scratch, { recursive: true, force: true });
  };
  return {
    engine,
    house,
    data,
    clock,
    installation,
    events,
    asked,
    ciToken,
    workloadToken,
    askedByAgent: (changes = {}, token = workloadToken()) =>
      asked({
        clientId: 'agent-crm',
        tokens: [
          { token, role: 'actor' },
          { token: signIn(), role: 'subject' },
        ],
        audience: 'https://tools.acme.example/mcp/crm',
        scopes: ['crm:read'],
        fields: { task: 'answer ticket 4711', data_sets: ['crm-public'] },
        ...changes,
      }),
    issued: async (changes) => issuedOr(await engine.request(asked(changes))),
    adopt: async (...edits) => {
      const next = loadAcme(...edits);
      await publisher.adopt(next);
      return next;
    },
    intercept: (next) => {
      before = next;
    },
    reading: (next) => {
      beforeRead = next;
    },
    meanwhile: (next) => {
      during = next;
    },
    replica: async (seed) => {
      const replica = await build(seed, options.open ?? (async () => house.store));
      if (options.open !== undefined) opened.use(replica);
      return replica.engine;
    },
    audit: async () => audit({ data }, () => undefined),
    close: async () => {
      const { findings } = await audit({ data }, () => undefined);
      await dispose();
      if (findings.length > 0) throw new Error(`the audit found ${JSON.stringify(findings)}`);
    },
    [Symbol.asyncDispose]: dispose,
  };
}

function issuedOr(answer: Answer): Issued {
  if (answer.outcome !== 'issued') throw new Error(JSON.stringify(answer));
  return answer;
}
