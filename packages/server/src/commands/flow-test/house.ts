import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAttestors, EvidenceError } from '@writ/attest';
import type { Identity, Value } from '@writ/core';
import type { Engine } from '@writ/engine';
import { compose, createOidcAttestor, createSpiffeAttestor, openStore } from '../../compose.ts';
import type { Config } from '../../config.ts';
import { openDataDirectory } from '../../data-directory.ts';
import type { TestInstallation } from './installation.ts';
import { seeded, type TestKeys } from './test-keys.ts';

/** Where there is a file system in memory: nothing of a test need survive it, and waiting for a disk is most of the time. */
const IN_MEMORY = '/dev/shm';

/** The engine of one test, on a store of its own that goes with it. */
export interface TestHouse extends AsyncDisposable {
  readonly engine: Engine;
}

export interface HouseOptions {
  readonly config: Config;
  readonly installation: TestInstallation;
  readonly identities: readonly Identity[];
  readonly keys: TestKeys;
  /** milliseconds since the epoch */
  readonly now: () => number;
  /** what a fact source says now, or null where it does not answer */
  readonly fact: (source: string) => Value | null;
}

/**
 * The real engine, store, ledger and issuer, with a clock that stands still, ids that repeat, issuers whose keys are at hand,
 * and fact sources that say what the test says.
 */
export async function openTestHouse(options: HouseOptions): Promise<TestHouse> {
  const { installation, identities, keys, now, fact } = options;
  const config: Config = { ...options.config, store: { kind: 'sqlite' }, webhooks: [], signIn: null };
  const scratch = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'writ-flow-test-'));
  const data = openDataDirectory(join(scratch, 'data'));
  let drawn = 0;
  const next = (): Buffer => {
    drawn += 1;
    return seeded('id', drawn);
  };
  const house = await compose(
    config,
    data,
    () => undefined,
    now,
    openStore,
    (ports) => ({
      ...ports,
      attestor: createAttestors([createOidcAttestor(keys), createSpiffeAttestor(keys)]),
      ids: {
        run: () => `run_${next().toString('base64url')}`,
        token: () => next().toString('base64url'),
        reference: () => `ref_${next().toString('hex').slice(0, 20)}`,
        salt: () => next(),
      },
      facts: {
        observe: async ({ name }) => {
          const value = fact(name);
          if (value === null) throw new EvidenceError('unavailable', 'the test gives no such fact');
          return { value, observedAt: now() };
        },
      },
    }),
  );
  const { engine } = house;
  await engine.publisher.genesis({ ...installation, identities }, true);
  await engine.keys.start();
  return {
    engine,
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
