import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CommandFailure } from '../exit-code.ts';
import { out, say } from '../output/print.ts';

interface ServerOptions {
  readonly data: string;
  readonly listen?: string;
  readonly publicUrl?: string;
}

const EXAMPLE = 'examples/acme';

/** `init`, `dev`, `serve`: the commands that open a store. They alone load the server. */
export function serverCommands(program: Command): void {
  const add = (name: string, description: string): Command =>
    program
      .command(`${name} [directory]`)
      .description(description)
      .option('--data <directory>', 'where the store and its keys are', '.writ')
      .option('--listen <host:port>', 'listen elsewhere than writ.yaml says')
      .option('--public-url <url>', 'be known by another URL than writ.yaml says');

  add('init', 'make an empty store: the first leaf of its ledger is what the directory says')
    .addHelpText('after', '\nExample:\n  writ init examples/acme --data /var/lib/writ')
    .action(async (directory: string | undefined, options: ServerOptions) => {
      const { init } = await import('@writ/server/commands');
      const { artefacts, identities, publicUrl } = await init({ directory: found(directory), ...options });
      out(`initialised ${options.data}\nartefact set ${artefacts}\nidentities   ${identities}`);
      const serve = publicUrl.startsWith('https:') ? 'serve' : 'dev';
      say(`\nnext: writ ${serve} ${found(directory)} --data ${options.data}`);
    });

  add('dev', 'serve a directory on localhost and republish what changes in it')
    .addHelpText('after', '\nExample:\n  writ dev examples/acme')
    .action(async (directory: string | undefined, options: ServerOptions) => {
      const { dev } = await import('@writ/server/commands');
      const running = await dev({ directory: found(directory), ...options });
      const { publicUrl } = running.config;
      const stopped = untilStopped(running);
      const { flows } = await running.house.engine.artefacts();
      out(banner(found(directory), options.data, publicUrl, [...flows.keys()]));
      await stopped;
    });

  add('serve', 'serve what is published, behind TLS')
    .addHelpText('after', '\nExample:\n  writ serve /etc/writ --data /var/lib/writ')
    .action(async (directory: string | undefined, options: ServerOptions) => {
      const { serve } = await import('@writ/server/commands');
      const running = await serve({ directory: found(directory), ...options });
      const stopped = untilStopped(running);
      say(`serving ${running.config.publicUrl}`);
      await stopped;
    });
}

/** The named directory, or the one around us, or the example. */
export function found(directory: string | undefined): string {
  if (directory !== undefined) return directory;
  const here = ['.', EXAMPLE].find((candidate) => existsSync(join(candidate, 'writ.yaml')));
  if (here !== undefined) return here;
  throw new CommandFailure('usage', 'name the directory that holds writ.yaml, for instance examples/acme');
}

async function untilStopped(running: { readonly stopped: Promise<void>; stop(): void }): Promise<void> {
  const stop = (): void => {
    say('\nstopping');
    running.stop();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  await running.stopped;
  say('stopped; data and keys are kept');
}

function banner(directory: string, data: string, url: string, flows: readonly string[]): string {
  return `
Writ serves ${directory} at ${url}
  flows       ${flows.join(', ')}
  data        ${data} (a second start keeps it)
  discovery   ${url}/.well-known/oauth-authorization-server
  ledger      ${url}/checkpoint

Try next, in another terminal:
  npm run writ -- identity list
  npm run writ -- flow show ci-deploy-token
  npm run demo                             the main job, end to end
Edit a file in ${directory} and it is republished. Ctrl-C stops.
`;
}
