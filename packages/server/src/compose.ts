import { hash as cryptoHash } from 'node:crypto';
import {
  createAttestors,
  createDpopNonces,
  openAccessToken,
  untrustedIssuer,
  verifyClientAssertion,
} from '@writ/attest';
import { createFactReader } from '@writ/attest/fact-source';
import { createKeyStore, createOidcAttestor } from '@writ/attest/oidc';
import { createBundleStore, createSpiffeAttestor } from '@writ/attest/spiffe';
import { verifyAssertion, verifyRegistration } from '@writ/attest/webauthn';
import { toHex } from '@writ/core';
import { caller } from '@writ/deliver/caller';
import { createWebhookSender } from '@writ/deliver/webhook';
import { createEngine, type Engine, type Ports } from '@writ/engine';
import { createJwtIssuer } from '@writ/issue/jwt';
import { tbsDigest } from '@writ/ledger';
import type { LogOptions, Store } from '@writ/store';
import { openPostgres } from '@writ/store/postgres';
import { openSqlite } from '@writ/store/sqlite';

export { createOidcAttestor, type KeySource } from '@writ/attest/oidc';
export { createSpiffeAttestor } from '@writ/attest/spiffe';
export {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
  verifyAssertion,
} from '@writ/attest/webauthn';
export { openSqliteReader } from '@writ/store/sqlite';

import type { FastifyInstance } from 'fastify';
import { createChallenges } from './challenges.ts';
import type { Config } from './config.ts';
import type { DataDirectory } from './data-directory.ts';
import { createEvents, type Emit } from './events.ts';
import { createApp } from './http/app.ts';
import type { Edge } from './http/edge.ts';
import { createSignIn } from './http/sign-in/settings.ts';
import { createIdentityTag } from './identity-tag.ts';
import { createIds } from './ids.ts';
import { createJudgeChange } from './judge-change.ts';
import { createInclusionCheck } from './log-check.ts';
import { type LogKey, openLogKey } from './log-key.ts';
import { createRowMac } from './row-mac.ts';
import { createSealer, deriveKey } from './sealing.ts';
import { createWebhookDelivery } from './webhook-delivery.ts';

/** The process, put together. Disposing of it closes the store. */
export interface House extends AsyncDisposable {
  readonly engine: Engine;
  readonly store: Store;
  readonly app: FastifyInstance;
  /** by which a command adds endpoints of its own before it listens */
  readonly edge: Edge;
  readonly logKey: LogKey;
  readonly origin: string;
}

/** SHA-256, with the fastest call this platform has. */
export function sha256(data: Uint8Array): Uint8Array {
  return cryptoHash('sha256', data, 'buffer');
}

/** How a store is opened: by the configuration, unless a test or a benchmark puts one of its own underneath. */
export type OpenStore = (config: Config, data: DataDirectory, log: LogOptions) => Promise<Store>;

/** The only place that names plug-ins and drivers. `adapt` may put another of each in its place, for tests. */
export async function compose(
  config: Config,
  data: DataDirectory,
  emit: Emit,
  now: () => number,
  open: OpenStore = openStore,
  adapt: (ports: Ports) => Ports = (ports) => ports,
): Promise<House> {
  const master = data.masterKey();
  const sealer = createSealer(deriveKey(master, 'sealing'));
  const origin = `${config.trustDomain}/writ`;
  const logKey = openLogKey(data.logKey, sealer, origin, sha256);
  const store = await open(config, data, {
    origin,
    hash: sha256,
    signer: logKey.signer,
    verifiers: [logKey.verifier],
    now,
  });
  const { issuer, keys } = createJwtIssuer(sealer, {
    tbsDigest: (bytes) => tbsDigest(sha256, 'jwt', bytes),
    checkInclusion: createInclusionCheck(sha256, logKey.verifier, origin),
  });
  const events = createEvents(emit);
  const ports = adapt({
    store,
    attestor: createAttestors([
      createOidcAttestor(createKeyStore()),
      createSpiffeAttestor(createBundleStore()),
    ]),
    issuer,
    keys,
    targets: new Map([[caller.name, caller]]),
    sha256,
    identityTag: createIdentityTag(deriveKey(master, 'identity-tag')),
    untrustedIssuer,
    openToken: (token, published) => {
      const opened = openAccessToken(token, config.publicUrl, published);
      return opened === null
        ? null
        : { id: opened.id, tbsDigest: toHex(tbsDigest(sha256, 'jwt', opened.signingInput)) };
    },
    facts: createFactReader({ issuer: config.publicUrl }),
    verifyClient: (assertion, { client, keys: registered, now: at }) =>
      verifyClientAssertion(assertion, {
        issuer: config.publicUrl,
        client,
        keysOf: async () => registered.map((key) => JSON.stringify(key)),
        now: at,
      }),
    judgeChange: createJudgeChange(sha256),
    rowMac: createRowMac(deriveKey(master, 'row-mac')),
    verifyAssertion,
    verifyRegistration,
    webhooks: createWebhookDelivery(config.webhooks, createWebhookSender({ now })),
    trustDomain: config.trustDomain,
    challenges: createChallenges(deriveKey(master, 'challenge')),
    now,
    ids: createIds(now),
    issuerUrl: config.publicUrl,
    events,
  });
  const engine = createEngine(ports);
  const nonces = createDpopNonces(deriveKey(master, 'dpop-nonce'));
  const { publicUrl } = config;
  const loginSealer = createSealer(deriveKey(master, 'login'));
  const signIn = createSignIn(config.signIn, { publicUrl, sealer: loginSealer, now });
  const edge = createApp({ engine, read: store.read, nonces, publicUrl, now, events, signIn });
  return {
    engine,
    store,
    app: edge.app,
    edge,
    logKey,
    origin,
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

export function openStore(config: Config, data: DataDirectory, log: LogOptions): Promise<Store> {
  return config.store.kind === 'sqlite'
    ? openSqlite({ ...log, path: data.database })
    : openPostgres({ ...log, connection: config.store.connectionString, highWater: data.highWater });
}
