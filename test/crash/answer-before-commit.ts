import { cpSync, existsSync, rmSync } from 'node:fs';
import { type OpenStore, openStore } from '@writ/server';
import type { Store } from '@writ/store';

/** Milliseconds by which the sabotaged store is late. */
const LATE = 300;

/**
 * The sabotage: a store that answers first and makes durable later. It commits to a copy beside the real database, hands
 * out that proof, and brings the real one up to date a little while after. Everything looks right until the process dies.
 */
export const answerBeforeCommit: OpenStore = async (config, data, log) => {
  const shadow = { ...data, database: `${data.database}.shadow` };
  for (const suffix of ['', '-wal', '-shm', '.lock', '.holder', '.high-water']) {
    rmSync(shadow.database + suffix, { force: true });
  }
  if (existsSync(data.database)) {
    for (const suffix of ['', '-wal']) {
      if (existsSync(data.database + suffix)) cpSync(data.database + suffix, shadow.database + suffix);
    }
  }
  const real = await openStore(config, data, log);
  const quick = await openStore(config, shadow, log);
  const store: Store = {
    read: quick.read,
    commit: async (commit) => {
      const result = await quick.commit(commit);
      setTimeout(() => void real.commit(commit), LATE);
      return result;
    },
    [Symbol.asyncDispose]: async () => {
      await quick[Symbol.asyncDispose]();
      await real[Symbol.asyncDispose]();
    },
  };
  return store;
};
