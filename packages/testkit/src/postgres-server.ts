import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Where Debian keeps what it does not put in PATH. */
const VERSIONS = '/usr/lib/postgresql';
const SUPERUSER = 'postgres';
/** How long (milliseconds) a server may take to answer. */
const START_LIMIT = 60_000;

/** A real PostgreSQL of its own, reached through a socket in a directory of its own. */
export interface PostgresServer extends AsyncDisposable {
  /** A new empty database; what `pg` connects to it with. */
  createDatabase(): Promise<string>;
}

export interface PostgresServerOptions {
  /** more settings, `name=value`; they win over durability */
  readonly settings?: readonly string[];
  /** Whether to say that no binaries are installed; one of several test files does. */
  readonly announce?: boolean;
}

/** A user id the server runs under: PostgreSQL refuses root. Undefined: as we are. */
interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Starts a PostgreSQL with durability on, in a temporary directory. Null where no binaries are installed, after one
 * line that says so: the caller skips its tests.
 */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer | null> {
  const bin = findBinaries();
  if (bin === null) {
    if (options.announce !== false)
      console.log(
        'ABSENT: postgresql (no initdb in PATH or /usr/lib/postgresql/*/bin); its tests are skipped',
      );
    return null;
  }
  const account = accountOf();
  const directory = mkdtempSync(join(tmpdir(), 'writ-pg-'));
  if (account.uid !== undefined && account.gid !== undefined) chownSync(directory, account.uid, account.gid);
  const data = join(directory, 'data');
  const initdb = ['-D', data, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run(join(bin, 'initdb'), initdb, { ...account, cwd: directory });

  const settings = [
    'fsync=on',
    `unix_socket_directories=${directory}`,
    'listen_addresses=',
    ...(options.settings ?? []),
  ];
  const parameters = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  // The shell ends the server and removes the directory when its input ends: also when this process is killed. QUIT
  // ends it at once: what a shutdown would write, nobody reads.
  const script =
    '"$0" "$@" & server=$!; cat > /dev/null; kill -QUIT $server; wait $server; rm -rf "$DIRECTORY"';
  const shell = spawn('/bin/sh', ['-c', script, join(bin, 'postgres'), ...parameters], {
    ...account,
    cwd: directory,
    env: { ...process.env, DIRECTORY: directory },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const stopped = once(shell, 'exit');
  await ready(bin, directory);

  let databases = 0;
  return {
    async createDatabase() {
      const name = `writ_${++databases}`;
      await run(join(bin, 'createdb'), ['-h', directory, '-U', SUPERUSER, name], { cwd: directory });
      return `postgresql:///${name}?host=${encodeURIComponent(directory)}&user=${SUPERUSER}`;
    },
    async [Symbol.asyncDispose]() {
      shell.stdin.end();
      await stopped;
    },
  };
}

async function ready(bin: string, directory: string): Promise<void> {
  const begun = Date.now();
  for (;;) {
    try {
      await run(join(bin, 'pg_isready'), ['-h', directory, '-U', SUPERUSER], { cwd: directory });
      return;
    } catch (cause) {
      if (Date.now() - begun > START_LIMIT) throw new Error('postgresql did not start', { cause });
      await sleep(50);
    }
  }
}

/** The newest installed version, else the first in PATH. */
function findBinaries(): string | null {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const newestFirst = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((each) => join(VERSIONS, each, 'bin'));
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return [...newestFirst, ...path].find((bin) => existsSync(join(bin, 'initdb'))) ?? null;
}

function accountOf(): Account {
  if (process.getuid?.() !== 0) return {};
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of [SUPERUSER, 'nobody']) {
    const [, , uid, gid] = accounts.find(([name]) => name === wanted) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('postgresql does not run as root, and there is no user `postgres` or `nobody`');
}
