import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CommandFailure } from './exit-code.ts';

/** A sign-in of this terminal. */
export interface KeptSession {
  readonly url: string;
  readonly secret: string;
  readonly person: string;
  /** RFC 3339 */
  readonly expiresAt: string;
}

/** Where sign-ins are kept: the user's configuration directory (XDG Base Directory Specification). */
export function sessionFile(): string {
  const config = process.env['XDG_CONFIG_HOME'] ?? '';
  return join(config.startsWith('/') ? config : join(homedir(), '.config'), 'writ', 'sessions.json');
}

/**
 * The sign-in at this server, or without a URL the one made last.
 * @throws CommandFailure `not-signed-in` where there is none, or it is over
 */
export function keptSession(url: string | null): KeptSession {
  const all = readSessions();
  const found = url === null ? all.at(-1) : all.find((each) => each.url === url);
  if (found === undefined || Date.now() >= Date.parse(found.expiresAt)) {
    const where = url ?? found?.url ?? '';
    throw new CommandFailure(
      'not-signed-in',
      `nobody is signed in; run \`writ login${where === '' ? '' : ` ${where}`}\``,
    );
  }
  return found;
}

/** Keeps a sign-in, in the place of an earlier one at the same server. */
export function keepSession(session: KeptSession): void {
  writeSessions([...readSessions().filter(({ url }) => url !== session.url), session]);
}

export function forgetSession(url: string): void {
  writeSessions(readSessions().filter((each) => each.url !== url));
}

function readSessions(): readonly KeptSession[] {
  const path = sessionFile();
  if (!existsSync(path)) return [];
  if ((statSync(path).mode & 0o077) !== 0)
    throw new CommandFailure('failure', `\`${path}\` can be read by others; remove it, and sign in again`);
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(read) ? read.filter(isSession) : [];
  } catch (cause) {
    throw new CommandFailure('failure', `\`${path}\` cannot be read; remove it, and sign in again`, {
      cause,
    });
  }
}

/** Whole or not at all, and for nobody else. */
function writeSessions(sessions: readonly KeptSession[]): void {
  const path = sessionFile();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, `${JSON.stringify(sessions, null, 2)}\n`, { mode: 0o600 });
  chmodSync(beside, 0o600);
  renameSync(beside, path);
}

function isSession(value: unknown): value is KeptSession {
  if (typeof value !== 'object' || value === null) return false;
  return ['url', 'secret', 'person', 'expiresAt'].every(
    (name) => typeof Reflect.get(value, name) === 'string',
  );
}
