import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ApiProblem, createApi, createOperator, type Me, signOut } from '@writ/client';
import type { Command } from 'commander';
import { apiSession } from '../api-session.ts';
import { CommandFailure } from '../exit-code.ts';
import { formatOf, type OutputOptions, out, printObject, say } from '../output/print.ts';
import { serverUrl } from '../server-url.ts';
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
      await signOut(server, secret);
      say(`signed out of ${server}`);
    });

  withOutput(program.command('whoami [url]').description('who is signed in, and what they may do'))
    .addHelpText('after', '\nExample:\n  writ whoami --json')
    .action(async (url: string | undefined, options: OutputOptions) => {
      const { url: server, secret } = apiSession(url === undefined ? {} : { url });
      printObject({ server, ...(await whoIs(server, secret)) }, formatOf(options));
    });
}

async function login(url: string): Promise<void> {
  const api = createApi({ url, session: null });
  const { device_code: code, user_code: shown, verification_uri: page, ...begun } = await api.startTerminal();
  say(`open  ${page}\ntype  ${shown}\n\nwaiting; Ctrl-C gives up`);
  for (let left = begun.expires_in; left > 0; left -= begun.interval) {
    await wait(begun.interval * 1000);
    const {
      state,
      session: secret = '',
      person = '',
      expires_at: expiresAt = '',
    } = await api.pollTerminal(code);
    if (state === 'waiting') continue;
    keepSession({ url, secret, person, expiresAt });
    say(`signed in as ${person} until ${expiresAt}`);
    return;
  }
  throw new CommandFailure('not-signed-in', 'nobody typed the code in time; try again');
}

async function whoIs(url: string, session: string): Promise<Me> {
  try {
    return await createApi({ url, session }).showMe();
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'not-signed-in')
      throw new CommandFailure('not-signed-in', `the sign-in has ended; run \`writ login ${url}\``);
    throw error;
  }
}
