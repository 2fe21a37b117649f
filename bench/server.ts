import { openStore } from '@writ/server';
import { init, type RunOptions, serve } from '@writ/server/commands';
import type { Store } from '@writ/store';
import { serveBench } from './child-protocol.ts';
import { measureCrypto } from './crypto-cost.ts';
import { createMemoryStore } from './memory-store.ts';

/** The server under test: `node server.ts DIRECTORY DATA PORT PUBLIC_URL sqlite|memory`, as `writ init` and `writ serve` run it. */
const [directory = '', data = '', port = '', publicUrl = '', kind = ''] = process.argv.slice(2);
let kept: Store | undefined;
const options: RunOptions = {
  directory,
  data,
  listen: `127.0.0.1:${port}`,
  publicUrl,
  open: async (config, place, log) => {
    if (kind === 'sqlite') return openStore(config, place, log);
    kept ??= createMemoryStore(log);
    // What `init` wrote must be there for `serve`, so closing it between the two means nothing.
    return { ...kept, [Symbol.asyncDispose]: async () => undefined };
  },
};

await serveBench(async () => {
  await init(options);
  const running = await serve(options);
  return {
    port: Number(port),
    stop: async () => {
      running.stop();
      await running.stopped;
    },
  };
}, measureCrypto);
