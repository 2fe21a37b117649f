import { startPostgres } from '@writ/testkit';
import { Client } from 'pg';
import { afterAll, describe } from 'vitest';
import { crashProgram, describeStore, logOptions, type Place } from '../conformance/conformance.ts';
import { openPostgres } from './postgres.ts';

const program = crashProgram(
  new URL('./postgres.ts', import.meta.url),
  'driver.openPostgres({ ...options, connection: address })',
);
const server = await startPostgres();
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

async function newPlace(): Promise<Place> {
  if (server === null) throw new Error('no postgresql');
  const connection = await server.createDatabase();
  return {
    open: (opening) => openPostgres({ ...logOptions(opening), connection }),
    async tamper(sql) {
      const client = new Client(connection);
      await client.connect();
      await client.query(`SET search_path = writ; ${sql}`);
      await client.end();
    },
    child: { program, address: connection },
    async [Symbol.asyncDispose]() {},
  };
}

describe.skipIf(server === null)('on a real server', () => {
  describeStore('postgresql', newPlace);
});
