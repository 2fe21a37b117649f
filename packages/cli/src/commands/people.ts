import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createOperator, pollSignIn, SignInError, signOut, startSignIn, whoIsSignedIn } from '@writ/client';
import type { Command } from 'commander';
import { CommandFailure } from '../exit-code.ts';
import { formatOf, type OutputOptions, out, printObject, say } from '../output/print.ts';
import { forgetSession, keepSession, keptSession } from '../session-file.ts';
import { withOutput } from './operator.ts';

const HERE = 'http://localhost:8420';

/** `invite`, `login`, `logout`, `whoami`. */
export function peopleCommands(program: Command): void {
  program
    .command('invite <person>')
    .description('make the link by which the first administrator adds a passkey')
    .requiredOption(
      '--first',
      'while nobody has a passkey; later, administrators invite on the page of people',
    )
    .option('--data <directory>', "the running server's data directory", '.writ')
    .addHelpText('after', '\nExample:\n  writ invite --first user:ana --data /var/lib/writ')
    .action(async (person: string, { data }: { data: string }) => {
      const { url, expiresAt } = await createOperator(join(data, 'control.sock')).inviteFirst(person);
      out(url);
      say(`for ${person} alone, once, until ${expiresAt}; it is not shown again`);
    });

  program
    .command('login [url]')
    .description('sign this terminal in, by a page in your browser')
    .addHelpText('after', '\nExample:\n  writ login https://writ.acme.example')
    .action(async (url: string | undefined) => login(serverUrl(url ?? HERE)));

  program
    .command('logout [url]')
    .description('end the sign-in of this terminal')
    .addHelpText('after', '\nExample:\n  writ logout')
    .action(async (url: string | undefined) => {
      const { url: server, secret } = keptSession(url === undefined ? null : serverUrl(url));
      forgetSession(server);
      await signOut(server, secret).catch((error: unknown) => {
        if (!(error instanceof SignInError) || error.code !== 'not-signed-in') throw error;
      });
      say(`signed out of ${server}`);
    });

  withOutput(program.command('whoami [url]').description('who is signed in, and what they may do'))
    .addHelpText('after', '\nExample:\n  writ whoami --json')
    .action(async (url: string | undefined, options: OutputOptions) => {
      const { url: server, secret } = keptSession(url === undefined ? null : serverUrl(url));
      printObject({ server, ...(await whoIsSignedIn(server, secret).catch(notSignedIn)) }, formatOf(options));
    });
}

async function login(url: string): Promise<void> {
  const begun = await startSignIn(url);
  say(`open  ${begun.verificationUri}\ntype  ${begun.userCode}\n\nwaiting; Ctrl-C gives up`);
  for (let left = begun.expiresIn; left > 0; left -= begun.interval) {
    await wait(begun.interval * 1000);
    const session = await pollSignIn(url, begun.deviceCode);
    if (session === null) continue;
    keepSession({ url, ...session });
    say(`signed in as ${session.person} until ${session.expiresAt}`);
    return;
  }
  throw new CommandFailure('not-signed-in', 'nobody typed the code in time; try again');
}

function notSignedIn(error: unknown): never {
  if (error instanceof SignInError && error.code === 'not-signed-in')
    throw new CommandFailure('not-signed-in', 'the sign-in has ended; run `writ login`');
  throw error;
}

/** A session's secret is sent to it: over TLS, or to this machine. */
function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const here = url !== null && ['localhost', '127.0.0.1'].includes(url.hostname);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && here)))
    throw new CommandFailure('usage', `\`${text}\` is no https URL of a server`);
  return url.origin + url.pathname.replace(/\/$/, '');
}
