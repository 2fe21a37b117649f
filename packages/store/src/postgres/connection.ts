import { WritError } from '@writ/core';
import { Client, type ClientBase, type ClientConfig, Pool, types } from 'pg';

/** A connection string, or what `pg` takes. */
export type Connection = string | ClientConfig;

/** How long (milliseconds) the server may take to accept a connection, and to answer one statement. */
const CONNECT_LIMIT = 5000;
const ANSWER_LIMIT = 60_000;
const OLDEST_VERSION = 140_000;

function configOf(connection: Connection): ClientConfig {
  const given = typeof connection === 'string' ? { connectionString: connection } : connection;
  return {
    application_name: 'writ',
    connectionTimeoutMillis: CONNECT_LIMIT,
    query_timeout: ANSWER_LIMIT,
    keepAlive: true,
    ...given,
  };
}

/** The connection that writes: one at a time, made when it is needed and thrown away when anything goes wrong. */
export interface WriteConnection {
  get(): Promise<Client>;
  /** The server rolls back what was open. Never throws. */
  drop(): Promise<void>;
}

export function createWriteConnection(connection: Connection): WriteConnection {
  let current: Client | null = null;
  return {
    async get() {
      if (current !== null) return current;
      const client = new Client(configOf(connection));
      // A connection that breaks while nobody asks anything is replaced before the next batch.
      client.on('error', () => {
        if (current === client) current = null;
      });
      try {
        await client.connect();
        client.setTypeParser(types.builtins.INT8, Number);
        await checkServer(client);
      } catch (cause) {
        await end(client);
        throw cause;
      }
      current = client;
      return client;
    },
    async drop() {
      const client = current;
      current = null;
      if (client !== null) await end(client);
    },
  };
}

/** The connections that read. */
export function createPool(connection: Connection, size: number): Pool {
  const pool = new Pool({ ...configOf(connection), max: size });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.setTypeParser(types.builtins.INT8, Number));
  return pool;
}

async function end(client: Client): Promise<void> {
  try {
    await client.end();
  } catch {
    // It is gone already.
  }
}

/**
 * Refuses a server that would acknowledge what a power cut can undo.
 *
 * @throws WritError `refused`
 */
async function checkServer(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name = ANY($1)`,
    [['fsync', 'full_page_writes', 'synchronous_commit', 'server_encoding', 'server_version_num']],
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    if (settings.get(name) === 'off') {
      throw new WritError(
        'refused',
        `postgresql runs with \`${name}=off\` and would lose issuances in a power cut: turn it on`,
      );
    }
  }
  if (settings.get('server_encoding') !== 'UTF8') {
    throw new WritError('refused', 'the database is not encoded in UTF8: create it with ENCODING UTF8');
  }
  const version = Number(settings.get('server_version_num'));
  if (!(version >= OLDEST_VERSION)) {
    throw new WritError('refused', `postgresql ${version} is older than 14: upgrade it`);
  }
}
