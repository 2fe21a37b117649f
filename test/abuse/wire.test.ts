import { connect } from 'node:net';
import { createDpopKey, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => world[Symbol.asyncDispose]());

/** Status codes of everything that comes back for these bytes until the server closes or the line ends. */
async function statuses(text: string): Promise<readonly number[]> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1');
  const chunks: string[] = [];
  socket.on('data', (chunk) => chunks.push(chunk.toString('latin1')));
  socket.on('error', () => resolve(chunks.join('')));
  socket.on('close', () => resolve(chunks.join('')));
  // What the server does not close by itself ends here: our side of the connection is closed.
  socket.end(Buffer.from(text, 'latin1'));
  const answered = await promise;
  return [...answered.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
}

const HEAD = 'Host: x\r\nContent-Type: application/x-www-form-urlencoded\r\n';
const HIDDEN = 'GET /jwks HTTP/1.1\r\nHost: x\r\n\r\n';
const ROWS: readonly (readonly [name: string, text: string])[] = [
  [
    'length and chunks',
    `POST /token HTTP/1.1\r\n${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    'two lengths',
    `POST /token HTTP/1.1\r\n${HEAD}Content-Length: 0\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  ],
  ['a length below zero', `POST /token HTTP/1.1\r\n${HEAD}Content-Length: -1\r\n\r\n${HIDDEN}`],
  ['a length with a sign', `POST /token HTTP/1.1\r\n${HEAD}Content-Length: +0\r\n\r\n${HIDDEN}`],
  ['a length that is a list', `POST /token HTTP/1.1\r\n${HEAD}Content-Length: 0, 5\r\n\r\n${HIDDEN}`],
  [
    'chunks of no size',
    `POST /token HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n${HIDDEN}`,
  ],
  [
    'chunks under another name',
    `POST /token HTTP/1.1\r\n${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  ['a space before the colon', `POST /token HTTP/1.1\r\n${HEAD}Content-Length : 0\r\n\r\n${HIDDEN}`],
  ['a folded header', `GET /livez HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n`],
  ['bare line feeds', `GET /livez HTTP/1.1\nHost: x\n\n`],
  ['no host', `GET /livez HTTP/1.1\r\n\r\n`],
  ['a NUL in a header', `GET /livez HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n`],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000'],
  ['a path of 20 kB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['a method that is none', `G=T /livez HTTP/1.1\r\nHost: x\r\n\r\n`],
];

test.each(ROWS)(
  'L10 a request with %s is refused, and none hidden behind it is answered',
  async (_name, text) => {
    const answered = await statuses(text);
    expect(answered.length).toBeLessThanOrEqual(1);
    for (const status of answered) expect([400, 404, 431]).toContain(status);
    expect((await world.exchange(createDpopKey())).status).toBe(200);
  },
);

test('O2 O3 headers of others are neither believed nor in the way', async () => {
  for (const headers of [
    { traceparent: 'x'.repeat(4_000) },
    { traceparent: '00-00000000000000000000000000000000-0000000000000000-ff' },
    { tracestate: ','.repeat(2_000) },
    { baggage: 'identity=svc-payments,tenant=x' },
    { 'x-forwarded-client-cert': 'Hash=abc;URI=spiffe://acme.example/workload/svc-payments' },
    { 'x-ssl-cert': 'MIIB' },
    { 'x-forwarded-user': 'svc-payments' },
  ]) {
    const key = createDpopKey();
    const good = key.prove({
      method: 'POST',
      url: `${world.url}/token`,
      now: Date.now(),
      nonce: await world.nonce(),
    });
    expect((await world.post('/token', world.form(), { dpop: good, ...headers })).status).toBe(200);
    // M2: no header stands in for the proof of a key.
    expect((await world.post('/token', world.form(), headers)).body['error']).toBe('invalid_grant');
  }
});
