import { resolve } from 'node:path';
import { WritError } from '@writ/core';
import { compose, type House, type OpenStore } from '../compose.ts';
import { type Config, readConfig } from '../config.ts';
import { type DataDirectory, openDataDirectory, writePrivate } from '../data-directory.ts';
import type { Emit } from '../events.ts';
import { createOperatorApp } from '../operator/app.ts';
import { listenLocally } from '../operator/listen.ts';

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

/** How often (milliseconds) the rotation schedule is looked at. */
const ROTATION_CHECK = 60_000;

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
  check: (config: Config) => void,
  prepare: (house: House) => Promise<void>,
): Promise<Running> {
  const config = readConfig(options.directory, options);
  check(config);
  const data = openDataDirectory(resolve(options.data));
  const now = Date.now;
  await using opening = new AsyncDisposableStack();
  const house = opening.use(await compose(config, data, emit, now, options.open));
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
  opening.use(rotation(house, config, data, emit));
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

/** What an offline verifier needs: whose checkpoints to believe, and the public keys. */
async function writeVerifierFiles({ logKey, engine }: House, data: DataDirectory): Promise<void> {
  writePrivate(data.trustPolicy, `log ${logKey.text}\nquorum none\n`);
  writePrivate(data.jwks, `${JSON.stringify({ keys: await engine.keys.published() })}\n`);
}

function rotation(house: House, { rotation: schedule }: Config, data: DataDirectory, emit: Emit): Disposable {
  const timer = setInterval(() => {
    house.engine.keys
      .rotateDue(schedule)
      .then(() => writeVerifierFiles(house, data))
      .catch((error: unknown) => {
        emit('failed', { what: 'key rotation', message: error instanceof Error ? error.message : 'unknown' });
      });
  }, ROTATION_CHECK);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
