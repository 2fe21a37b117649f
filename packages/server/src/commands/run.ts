import { resolve } from 'node:path';
import { WritError } from '@writ/core';
import { compose, type House, type OpenStore, sha256 } from '../compose.ts';
import { type Config, readConfig } from '../config.ts';
import { type DataDirectory, openDataDirectory } from '../data-directory.ts';
import type { Emit } from '../events.ts';
import { checkStoredLog } from '../log-check.ts';
import { createOperatorApp } from '../operator/app.ts';
import { listenLocally } from '../operator/listen.ts';
import { reconcile } from '../reconcile.ts';
import { writeVerifierFiles } from '../verifier-files.ts';

export interface RunOptions {
  /** the directory with `writ.yaml` */
  readonly directory: string;
  /** the data directory */
  readonly data: string;
  readonly listen?: string | undefined;
  readonly publicUrl?: string | undefined;
  /** another way to open the store, for tests and benchmarks */
  readonly open?: OpenStore | undefined;
}

/** How often (milliseconds) the rotation schedule and the stored log are looked at. */
const ROTATION_CHECK = 60_000;
const LOG_CHECK = 10 * 60_000;

/** A running process. */
export interface Running {
  readonly house: House;
  readonly config: Config;
  readonly data: DataDirectory;
  /** resolves when it has been asked to stop and has stopped */
  readonly stopped: Promise<void>;
  stop(): void;
}

/** Opens the store, lets `prepare` bring it to the state to serve, and listens. Everything is closed again if that fails. */
export async function run(
  options: RunOptions,
  emit: Emit,
  accept: (config: Config) => void,
  prepare: (house: House) => Promise<void>,
): Promise<Running> {
  const config = readConfig(options.directory, options);
  accept(config);
  const data = openDataDirectory(resolve(options.data));
  const now = Date.now;
  await using opening = new AsyncDisposableStack();
  const house = opening.use(await compose(config, data, emit, now, options.open));
  await house.engine.writable().catch((error: unknown) => {
    emit('failed', { what: 'the store', message: error instanceof Error ? error.message : 'unknown' });
  });
  await prepare(house);
  await house.engine.keys.start();
  await writeVerifierFiles(house, data);
  const operator = createOperatorApp(house.engine, house.store, config.publicUrl);
  opening.defer(async () => operator.close());
  if (!(await listenLocally(operator, data.socket))) {
    emit('failed', {
      what: 'the operator socket',
      message: `the path ${data.socket} is too long for a socket; choose a shorter --data`,
    });
  }
  opening.defer(async () => house.app.close());
  await listen(house, config);
  const rotate = async (): Promise<void> => {
    await house.engine.keys.rotateDue(config.rotation);
    await writeVerifierFiles(house, data);
  };
  const check = (): Promise<void> =>
    checkStoredLog(house.store.read, sha256, house.logKey.verifier, house.origin);
  opening.use(reconcile(house.engine.reconciler, emit));
  opening.use(repeatedly(ROTATION_CHECK, 'key rotation', rotate, emit));
  opening.use(repeatedly(LOG_CHECK, 'the ledger check', check, emit));
  return running(house, config, data, opening.move());
}

function running(
  house: House,
  config: Config,
  data: DataDirectory,
  resources: AsyncDisposableStack,
): Running {
  const { promise, resolve: stop } = Promise.withResolvers<void>();
  const stopped = promise.then(async () => resources.disposeAsync());
  return { house, config, data, stopped, stop };
}

async function listen({ app }: House, { listen: { host, port } }: Config): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
      throw new WritError(
        'conflict',
        `${host}:${port} is in use; stop what listens there, or choose another with --listen`,
        { cause },
      );
    }
    throw cause;
  }
}

/** What is done again and again while the process runs. A failure is reported and the next time comes all the same. */
function repeatedly(interval: number, what: string, work: () => Promise<void>, emit: Emit): Disposable {
  const timer = setInterval(() => {
    work().catch((error: unknown) => {
      emit('failed', { what, message: error instanceof Error ? error.message : 'unknown' });
    });
  }, interval);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
