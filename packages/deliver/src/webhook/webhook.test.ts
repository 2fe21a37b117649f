import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { Secret } from '@writ/core';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WebhookEndpoint, WebhookOutcome } from '../webhook-sender.ts';
import type { Resolve } from './guarded-lookup.ts';
import { createWebhookSender } from './webhook.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NOW = Date.now();
const EVENT = {
  id: 'msg_1',
  type: 'run.issued',
  timestampMs: Date.UTC(2026, 10, 22),
  data: { run: 'run_1', flow: 'ci-deploy-token', identity: 'ci-deploy' },
} as const;

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.map((close) => close()));
  closers = [];
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

/** A receiver on loopback, and what it was sent. */
async function receiver(answer: RequestListener, make: (on: RequestListener) => Server = createServer) {
  const received: Received[] = [];
  const server = make((request, response) => {
    const { method = '', url = '', headers } = request;
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ method, url, headers, body });
      answer(request, response);
    });
  });
  return { received, port: await listen(server) };
}

async function send(
  changes: Partial<WebhookEndpoint> & { readonly url: string },
  resolve?: Resolve,
  event: typeof EVENT | object = EVENT,
): Promise<WebhookOutcome> {
  const sender = createWebhookSender({ now: () => NOW, ...(resolve && { resolve }) });
  const endpoint = { secrets: [new Secret(SECRET)], privateAddresses: true, timeout: 10_000, ...changes };
  return sender.send(endpoint, event as typeof EVENT);
}

describe('a delivery', () => {
  test('is one that the reference library believes', async () => {
    const { received, port } = await receiver((_, response) => response.writeHead(204).end());
    expect(await send({ url: `http://127.0.0.1:${port}/hooks?team=a` })).toEqual({ ok: true, status: 204 });
    const [{ method, url, headers, body } = {} as Received, ...more] = received;
    expect(more).toEqual([]);
    expect([method, url, headers['content-type']]).toEqual(['POST', '/hooks?team=a', 'application/json']);
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual({
      type: 'run.issued',
      timestamp: '2026-11-22T00:00:00Z',
      data: { run: 'run_1', flow: 'ci-deploy-token', identity: 'ci-deploy' },
    });
  });

  test('is signed with every secret of the endpoint', async () => {
    const { received, port } = await receiver((_, response) => response.end());
    const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const secrets = [new Secret(SECRET), new Secret(other)];
    expect(await send({ url: `http://127.0.0.1:${port}/`, secrets })).toMatchObject({ ok: true });
    const [{ headers, body } = {} as Received] = received;
    for (const secret of [SECRET, other]) {
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
    }
  });

  test.each([200, 201, 202, 299])('O6 has arrived when the receiver says %i', async (status) => {
    const { port } = await receiver((_, response) => response.writeHead(status).end('thanks'));
    expect(await send({ url: `http://127.0.0.1:${port}/` })).toEqual({ ok: true, status });
  });

  test.each([400, 401, 404, 429, 500, 502, 503, 504])('is tried again after %i', async (status) => {
    const { port } = await receiver((_, response) => response.writeHead(status).end());
    const reason = `\`127.0.0.1\` answered ${status}`;
    expect(await send({ url: `http://127.0.0.1:${port}/` })).toEqual({ ok: false, retry: true, reason });
  });

  test('is not tried again after 410, which says that nobody wants it', async () => {
    const { port } = await receiver((_, response) => response.writeHead(410).end());
    expect(await send({ url: `http://127.0.0.1:${port}/` })).toMatchObject({ ok: false, retry: false });
  });

  test.each([300, 301, 302, 303, 307, 308])('O4 does not follow a redirect: %i', async (status) => {
    const second = await receiver((_, response) => response.end());
    const location = `http://127.0.0.1:${second.port}/`;
    const { received, port } = await receiver((_, response) =>
      response.writeHead(status, { location }).end(),
    );
    const outcome = await send({ url: `http://127.0.0.1:${port}/` });
    expect(outcome).toMatchObject({ ok: false, retry: true });
    expect(outcome).toHaveProperty('reason', expect.stringContaining('redirects are not followed'));
    expect([received.length, second.received.length]).toEqual([1, 0]);
  });

  test('takes an endless answer for its status, and no more than a little of it', async () => {
    let sent = 0;
    const { port } = await receiver((_, response) => {
      const more = (): void => {
        while (!response.destroyed && sent < 64 * 1024 * 1024) {
          sent += 64 * 1024;
          if (!response.write(Buffer.alloc(64 * 1024))) return void response.once('drain', more);
        }
      };
      more();
    });
    expect(await send({ url: `http://127.0.0.1:${port}/` })).toEqual({ ok: true, status: 200 });
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  test('takes an answer that breaks off, or never ends, for its status', async () => {
    const broken = await receiver((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy());
    });
    expect(await send({ url: `http://127.0.0.1:${broken.port}/` })).toEqual({ ok: true, status: 200 });
    const endless = await receiver((_, response) => void response.writeHead(500).write('x'));
    const outcome = await send({ url: `http://127.0.0.1:${endless.port}/`, timeout: 200 });
    expect(outcome).toEqual({ ok: false, retry: true, reason: '`127.0.0.1` answered 500' });
  });

  test('O6 gives up on a receiver that takes it and says nothing, and may try again', async () => {
    const { port } = await receiver(() => undefined);
    const outcome = await send({ url: `http://127.0.0.1:${port}/`, timeout: 200 });
    expect(outcome).toEqual({ ok: false, retry: true, reason: '`127.0.0.1` took too long' });
  });

  test('gives up on headers without end', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write(`x-${'y'.repeat(1_000)}: z\r\n`), 1);
      socket.on('close', () => clearInterval(timer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => void server.close());
    const { port } = server.address() as AddressInfo;
    const outcome = await send({ url: `http://127.0.0.1:${port}/` });
    expect(outcome).toEqual({
      ok: false,
      retry: true,
      reason: expect.stringContaining('HPE_HEADER_OVERFLOW'),
    });
  });

  test.each<[string, string]>([
    ['resets the connection', ''],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['changes the protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
  ])('may be tried again where the receiver %s', async (_name, says) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => (says === '' ? socket.resetAndDestroy() : socket.end(says)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => void server.close());
    const { port } = server.address() as AddressInfo;
    const outcome = await send({ url: `http://127.0.0.1:${port}/`, timeout: 5_000 });
    expect(outcome).toMatchObject({ ok: false, retry: true });
    expect(outcome).toHaveProperty(
      'reason',
      expect.stringMatching(/`127.0.0.1` (did not answer|closed without)/),
    );
  });

  test('may be tried again where nobody listens', async () => {
    const outcome = await send({ url: 'http://127.0.0.1:1/' });
    expect(outcome).toEqual({ ok: false, retry: true, reason: '`127.0.0.1` did not answer: ECONNREFUSED' });
  });
});

describe('where a delivery goes', () => {
  test.each([
    ['http://127.0.0.1/', false, 'must be https'],
    ['https://127.0.0.1/', false, 'not allowed'],
    ['https://2130706433/', false, 'not allowed'],
    ['https://[::ffff:7f00:1]/', false, 'not allowed'],
    ['https://192.168.1.1/', false, 'not allowed'],
    ['https://169.254.169.254/latest/meta-data', true, 'not allowed'],
    ['http://169.254.169.254/latest/meta-data', true, 'not allowed'],
    ['https://[fd00:ec2::254]/', true, 'not allowed'],
    ['http://10.0.0.1/', true, 'not allowed'],
    ['http://1.1.1.1/', true, 'not allowed'],
    ['ftp://127.0.0.1/', true, 'must be https'],
    ['https://user:canary@hooks.example/', true, 'the url is not one'],
    ['hooks.example', true, 'the url is not one'],
  ])(
    'O4 never to %s (private addresses: %s), and another time would be no better',
    async (url, inside, why) => {
      const outcome = await send({ url, privateAddresses: inside });
      expect(outcome).toEqual({ ok: false, retry: false, reason: expect.stringContaining(why) });
      expect(inspect(outcome)).not.toContain('canary');
    },
  );

  test.each<[string, readonly string[], boolean, string]>([
    ['a private address', ['10.0.0.1'], false, 'not allowed'],
    ['loopback', ['127.0.0.1'], false, 'not allowed'],
    ['a private address among public ones', ['93.184.215.14', '10.0.0.1'], false, 'not allowed'],
    ['a metadata service', ['169.254.169.254'], true, 'not allowed'],
    ['a metadata service in IPv6 spelling', ['::ffff:a9fe:a9fe'], true, 'not allowed'],
    ['no address', [], true, 'has no address'],
    ['another name', ['hooks.internal'], true, 'not allowed'],
  ])('O4 never to a name that leads to %s', async (_name, addresses, inside, why) => {
    const resolve = async () => addresses;
    const outcome = await send({ url: 'https://hooks.example/', privateAddresses: inside }, resolve);
    expect(outcome).toEqual({ ok: false, retry: true, reason: expect.stringContaining(why) });
  });

  test('O4 never to the real name of this machine, unless private addresses are allowed', async () => {
    const { received, port } = await receiver((_, response) => response.end());
    const outcome = await send({ url: `https://localhost:${port}/`, privateAddresses: false });
    expect(outcome).toHaveProperty(
      'reason',
      expect.stringMatching(/`localhost` leads to `.*`, which is not allowed/),
    );
    expect(received).toEqual([]);
    expect(await send({ url: `http://localhost:${port}/` })).toMatchObject({ ok: true });
  });

  test('O4 goes to the address that was checked, and a name is resolved once', async () => {
    const { received, port } = await receiver((_, response) => response.end());
    const asked: string[] = [];
    const resolve = async (host: string) => {
      asked.push(host);
      return asked.length === 1 ? ['127.0.0.1'] : ['169.254.169.254'];
    };
    const url = `http://hooks.invalid:${port}/`;
    expect(await send({ url }, resolve)).toMatchObject({ ok: true });
    expect(asked).toEqual(['hooks.invalid']);
    expect(received[0]?.headers.host).toBe(`hooks.invalid:${port}`);
    expect(await send({ url }, resolve)).toMatchObject({ ok: false, retry: true });
    expect(received).toHaveLength(1);
  });

  test('gives up on a name that does not resolve, or never does', async () => {
    const failing = async () => Promise.reject(new Error('canary'));
    const silent = async () => new Promise<never>(() => undefined);
    const url = 'https://hooks.example/';
    const reason = '`hooks.example` does not resolve';
    expect(await send({ url }, failing)).toEqual({ ok: false, retry: true, reason });
    const late = { ok: false, retry: true, reason: '`hooks.example` took too long' };
    expect(await send({ url, timeout: 100 }, silent)).toEqual(late);
  });
});

describe('over TLS', () => {
  const directory = mkdtempSync(join(tmpdir(), 'writ-webhook-'));
  const before = getCACertificates('default');
  let key = '';
  let cert = '';
  beforeAll(() => {
    const to = (name: string): string => join(directory, name);
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
    ];
    const named = ['-subj', '/CN=hooks.example', '-addext', 'subjectAltName=DNS:hooks.example'];
    execFileSync('openssl', [...request, ...named, '-keyout', to('key'), '-out', to('cert')], {
      stdio: 'ignore',
    });
    key = readFileSync(to('key'), 'utf8');
    cert = readFileSync(to('cert'), 'utf8');
  });
  afterEach(() => setDefaultCACertificates(before));
  afterAll(() => rmSync(directory, { recursive: true }));

  const receiveOverTls = () =>
    receiver(
      (_, response) => response.end(),
      (on) => createHttpsServer({ key, cert }, on),
    );
  const resolve = async () => ['127.0.0.1'];

  test('a delivery reaches a receiver whose certificate is believed and is for the name', async () => {
    const { received, port } = await receiveOverTls();
    setDefaultCACertificates([...before, cert]);
    expect(await send({ url: `https://hooks.example:${port}/` }, resolve)).toEqual({ ok: true, status: 200 });
    expect(received[0]?.headers.host).toBe(`hooks.example:${port}`);
    const other = await send({ url: `https://other.example:${port}/` }, resolve);
    expect(other).toHaveProperty('reason', expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'));
    expect(received).toHaveLength(1);
  });

  test('nothing is said to a receiver that nobody vouches for, not even where the environment would', async () => {
    const { received, port } = await receiveOverTls();
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const outcome = await send({ url: `https://hooks.example:${port}/` }, resolve);
      expect(outcome).toMatchObject({ ok: false, retry: true });
      expect(outcome).toHaveProperty('reason', expect.stringContaining('SELF_SIGNED'));
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
    expect(received).toEqual([]);
  });
});

describe('what cannot be sent', () => {
  test.each<[string, Partial<WebhookEndpoint>, object]>([
    ['an event that is none', {}, { ...EVENT, type: 'thaw' }],
    ['an event without its members', {}, { ...EVENT, data: { token: 'canary' } }],
    ['an event without an id', {}, { ...EVENT, id: '' }],
    ['an endpoint without a secret', { secrets: [] }, EVENT],
    ['an endpoint with a bad secret', { secrets: [new Secret('canary')] }, EVENT],
    ['a timeout that is none', { timeout: Number.NaN }, EVENT],
    [
      'a secret that throws',
      {
        secrets: [
          {
            reveal: () => {
              throw new Error('canary');
            },
          } as never,
        ],
      },
      EVENT,
    ],
  ])('%s: says so, throws nothing and tells no secret', async (_name, changes, event) => {
    const { received, port } = await receiver((_, response) => response.end());
    const outcome = await send({ url: `http://127.0.0.1:${port}/canary`, ...changes }, undefined, event);
    expect(outcome).toMatchObject({ ok: false, retry: false });
    expect(inspect(outcome)).not.toContain('canary');
    expect(received).toEqual([]);
  });

  test('O1 no reason tells a path, a query or a secret', async () => {
    const url = 'https://hooks.example/canary?canary';
    const failing = async () => Promise.reject(new Error('canary'));
    const hostile = [failing, async () => ['10.0.0.1'], async () => []];
    for (const resolve of hostile) {
      const outcome = await send({ url, privateAddresses: false }, resolve);
      expect(outcome).toMatchObject({ ok: false });
      expect(inspect(outcome) + JSON.stringify(outcome)).not.toMatch(/canary|MfKQ9/);
    }
  });
});
