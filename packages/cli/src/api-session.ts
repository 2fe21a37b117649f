import { type Api, createApi } from '@writ/client';
import { type Command, Option } from 'commander';
import { CommandFailure } from './exit-code.ts';
import type { OutputOptions } from './output/print.ts';
import { serverUrl } from './server-url.ts';
import { keptSession } from './session-file.ts';

export interface ApiOptions extends OutputOptions {
  readonly url?: string;
}

/** The API of a server, as whoever is signed in there. */
export interface ApiSession {
  readonly api: Api;
  readonly url: string;
  readonly secret: string;
}

const HERE = 'http://localhost:8420';

export function withUrl(command: Command): Command {
  return command.addOption(
    new Option('--url <url>', 'the server; default: WRIT_URL, or where you signed in last'),
  );
}

/**
 * The session that WRIT_SESSION holds, or that `writ login` kept.
 * @throws CommandFailure `not-signed-in` where there is none, or it is over
 */
export function apiSession(options: ApiOptions): ApiSession {
  const named = options.url ?? process.env['WRIT_URL'];
  const url = named === undefined || named === '' ? null : serverUrl(named);
  const given = process.env['WRIT_SESSION'] ?? '';
  const session = given === '' ? keptSession(url) : { url: url ?? HERE, secret: given };
  return { ...session, api: createApi({ url: session.url, session: session.secret }) };
}

/** The same, or null where nobody is signed in and no server is named. */
export function apiSessionIfAny(options: ApiOptions): ApiSession | null {
  const named = options.url ?? process.env['WRIT_URL'] ?? process.env['WRIT_SESSION'] ?? '';
  try {
    return apiSession(options);
  } catch (error) {
    if (named === '' && error instanceof CommandFailure && error.exit === 'not-signed-in') return null;
    throw error;
  }
}
