import type { JsonWebKey } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { HttpSource } from '@writ/core';
import {
  type FactServer,
  generateSigningKey,
  type JwsPart,
  type KeyPair,
  publicJwk,
  type SelfSigned,
  type SigningAlgorithm,
  selfSigned,
  signCompactJws,
  startFactServer,
} from '@writ/testkit';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EvidenceError } from '../evidence-error.ts';
import { createFactReader, type FactReaderOptions } from './fact-source.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const SECOND = NOW / 1000;
const ISSUER = 'https://writ.acme.example';
const ALGORITHMS: readonly SigningAlgorithm[] = ['ES256', 'RS256', 'EdDSA', 'Ed25519'];
const pairs = new Map<SigningAlgorithm, KeyPair>();
let stranger: KeyPair;
let tls: SelfSigned;
let server: FactServer | undefined;

beforeAll(async () => {
  for (const algorithm of [...ALGORITHMS, 'ES384'] as const)
    pairs.set(algorithm, await generateSigningKey(algorithm));
  stranger = await generateSigningKey('ES256');
  tls = selfSigned();
});
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

function pairOf(algorithm: SigningAlgorithm): KeyPair {
  const pair = pairs.get(algorithm);
  if (pair === undefined) throw new Error('no key');
  return pair;
}

/** A JWK as a file of sources has it: texts alone. */
function listed(algorithm: SigningAlgorithm, kid: string): Readonly<Record<string, string>> {
  const jwk: JsonWebKey = publicJwk(pairOf(algorithm), algorithm, kid);
  return Object.fromEntries(
    Object.entries(jwk).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function source(changes: Partial<HttpSource> = {}): HttpSource {
  return {
    name: 'risk/agents',
    kind: 'http',
    type: { type: 'record', members: { score: { type: 'long' } } },
    url: 'https://risk.acme.example/agents/{identity.name}',
    maxAge: 60,
    keys: [listed('ES256', 'k1')],
    pin: null,
    privateAddresses: true,
    timeout: 2,
    ...changes,
  };
}

interface Signing {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly algorithm?: SigningAlgorithm;
  readonly key?: KeyPair;
  readonly payload?: JwsPart;
}

/** A signed answer for `url`, good but for `signing`. */
function answerFor(url: string, signing: Signing = {}): string {
  const { claims = {}, header = {}, algorithm = 'ES256', key = pairOf(algorithm) } = signing;
  const payload = signing.payload ?? {
    iss: 'https://risk.acme.example',
    aud: ISSUER,
    sub: url,
    iat: SECOND,
    exp: SECOND + 300,
    value: { score: 10 },
    ...claims,
  };
  return signCompactJws(
    { alg: algorithm, typ: 'writ-fact+jwt', kid: 'k1', ...header },
    payload,
    key.privateKey,
    algorithm,
  );
}

async function serve(listener: RequestListener, certified?: SelfSigned): Promise<string> {
  server = await startFactServer(listener, certified);
  return server.origin;
}

const send =
  (body: string | Buffer, type = 'application/jwt', status = 200): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };

/** Answers every question with a good answer to it, or one that is good but for `signing`. */
async function honest(signing: Signing = {}): Promise<string> {
  const origin = await serve((request, response) => {
    const url = `${origin}${request.url ?? ''}`;
    response.writeHead(200, { 'content-type': 'application/jwt' }).end(answerFor(url, signing));
  });
  return origin;
}

const reader = (options: Partial<FactReaderOptions> = {}) => createFactReader({ issuer: ISSUER, ...options });
const ask = async (url: string, changes: Partial<HttpSource> = {}, now = NOW) =>
  reader().observe(source(changes), url, 'svc', now);
const refusal = async (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'accepted',
    (error: unknown) => (error instanceof EvidenceError ? `${error.code}: ${error.message}` : String(error)),
  );

describe('a signed answer', () => {
  test.each(ALGORITHMS)(
    'S3.8 by a key of the source, for us and for this url, is an observation: %s',
    async (algorithm) => {
      const origin = await honest({ algorithm });
      const keys = [listed('ES384', 'other'), listed(algorithm, 'k1')];
      expect(await ask(`${origin}/agents/crm?v=1`, { keys })).toEqual({
        value: { score: 10 },
        observedAt: NOW,
      });
    },
  );

  test('may be another spelling of its media type', async () => {
    const origin = await serve((request, response) => {
      response
        .writeHead(200, { 'content-type': 'Application/JWT; charset=utf-8' })
        .end(answerFor(`${origin}${request.url ?? ''}`, { claims: { jti: 'one' } }));
    });
    expect(await ask(`${origin}/x`)).toMatchObject({ value: { score: 10 } });
  });

  const at = { sub: 'https://risk.acme.example/agents/other' };
  const rows: readonly (readonly [rule: string, code: string, signing: Signing])[] = [
    [
      'T2 by a stranger under the name of the key',
      'signature',
      {
        get key() {
          return stranger;
        },
      },
    ],
    ['by a key that is not listed', 'key', { header: { kid: 'k2' } }],
    ['that names no key', 'key', { header: { kid: undefined } }],
    ['T1 of algorithm none', 'algorithm', { header: { alg: 'none' } }],
    ['T2 of algorithm HS256', 'algorithm', { header: { alg: 'HS256' } }],
    ['of an algorithm that is not for facts', 'algorithm', { algorithm: 'ES384' }],
    ['T15 of another algorithm than the key is for', 'key', { header: { alg: 'RS256' } }],
    ['T10 that is another kind of token', 'type', { header: { typ: 'JWT' } }],
    ['T10 that does not say what kind of token it is', 'type', { header: { typ: undefined } }],
    ['T3 that brings its own key', 'malformed', { header: { jwk: {} } }],
    ['F3 about another identity', 'claim', { claims: at }],
    ['F3 about nobody', 'claim', { claims: { sub: undefined } }],
    ['T11 for somebody else', 'audience', { claims: { aud: 'https://other.example' } }],
    ['T11 for us and somebody else', 'audience', { claims: { aud: [ISSUER, 'https://other.example'] } }],
    ['T12 for a neighbour', 'audience', { claims: { aud: `${ISSUER}/` } }],
    ['for nobody', 'audience', { claims: { aud: undefined } }],
    ['T8 without an end', 'claim', { claims: { exp: undefined } }],
    ['T9 that has ended', 'expired', { claims: { exp: SECOND } }],
    ['T9 with an end beyond all bounds', 'claim', { claims: { exp: 1e300 } }],
    ['without a time', 'claim', { claims: { iat: undefined } }],
    ['T9 of the future', 'not-yet-valid', { claims: { iat: SECOND + 61 } }],
    ['that says nothing', 'claim', { claims: { value: undefined } }],
    ['with a claim nobody knows', 'claim', { claims: { nbf: SECOND } }],
    ['X8 under a condition', 'claim', { claims: { cnf: { jkt: 'x' } } }],
    ['S3.14 of another type', 'claim', { claims: { value: { score: '10' } } }],
    ['S3.14 with a member too many', 'claim', { claims: { value: { score: 10, admin: true } } }],
    ['S3.14 without its member', 'claim', { claims: { value: {} } }],
  ];
  test.each(rows)('S3.8 %s is refused as %s', async (_rule, code, signing) => {
    const origin = await honest(signing);
    expect(await refusal(ask(`${origin}/agents/crm`))).toMatch(
      new RegExp(`^${code}: fact source risk/agents, asked about svc: `),
    );
  });

  test.each([
    '9007199254740992',
    '-9007199254740992',
    '9007199254740993',
    '10.5',
    '9007199254740990.6',
    '1e400',
  ])('S3.14 no integer is rounded into one: %s', async (score) => {
    const origin = await serve((request, response) => {
      const url = `${origin}${request.url ?? ''}`;
      const claims = { aud: ISSUER, sub: url, iat: SECOND, exp: SECOND + 60, value: { score: 0 } };
      const payload = Buffer.from(JSON.stringify(claims).replace('"score":0', `"score":${score}`));
      response.writeHead(200, { 'content-type': 'application/jwt' }).end(answerFor(url, { payload }));
    });
    expect(await refusal(ask(`${origin}/x`))).toMatch(/^(?:claim|malformed): /);
  });

  test.each([
    ['plain json', send('{"value":{"score":10}}', 'application/json'), 'malformed'],
    ['plain json under the type of a signed one', send('{"value":{"score":10}}'), 'malformed'],
    ['nothing', send(''), 'malformed'],
    ['T6 a line end behind it', send('a.b.c\n'), 'malformed'],
  ])('is not %s', async (_what, listener, code) => {
    expect(await refusal(ask(`${await serve(listener)}/x`))).toMatch(new RegExp(`^${code}: `));
  });

  test('T6 of another media type is none, whatever it says', async () => {
    const origin = await serve((request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(answerFor(`${origin}${request.url ?? ''}`));
    });
    expect(await refusal(ask(`${origin}/x`))).toContain('must be of type application/jwt');
  });

  test('is not a second time for another url of the same source', async () => {
    let kept = '';
    const origin = await serve((request, response) => {
      kept ||= answerFor(`${origin}${request.url ?? ''}`);
      response.writeHead(200, { 'content-type': 'application/jwt' }).end(kept);
    });
    const facts = reader();
    expect(await facts.observe(source(), `${origin}/agents/crm`, 'crm', NOW)).toMatchObject({
      observedAt: NOW,
    });
    expect(await refusal(facts.observe(source(), `${origin}/agents/ops`, 'ops', NOW))).toContain(
      '`sub` must be',
    );
  });

  test('law 14: an error holds nothing that the source said', async () => {
    const origin = await honest({ claims: { value: { score: 'secret-1' }, sub: 'secret-2' } });
    const error: unknown = await ask(`${origin}/x`).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EvidenceError);
    expect(error instanceof EvidenceError ? [error.message, error.value] : []).toEqual([
      expect.not.stringContaining('secret'),
      undefined,
    ]);
  });
});

describe('a pinned answer', () => {
  const json = send('{"value":{"score":10}}', 'application/json');
  const pinned = () => ({ keys: null, pin: tls.pin });

  test('S3.8 of the server whose key is pinned is an observation, whoever vouches for the certificate', async () => {
    expect(await ask(`${await serve(json, tls)}/x`, pinned())).toEqual({
      value: { score: 10 },
      observedAt: NOW,
    });
  });

  test('S3.8 of another server is refused before anything is asked', async () => {
    const origin = await serve(json, selfSigned());
    expect(await refusal(ask(`${origin}/x`, pinned()))).toContain('its key is not the pinned one');
    expect(server?.requests).toEqual([]);
  });

  test('of a server without TLS is refused', async () => {
    expect(await refusal(ask(`${await serve(json)}/x`, pinned()))).toContain('must be https to be pinned');
    expect(server?.requests).toEqual([]);
  });

  test('a server that no authority vouches for needs the pin, also if it signs', async () => {
    const origin = await serve(json, tls);
    expect(await refusal(ask(`${origin}/x`))).toMatch(/^unavailable: .*did not answer: certificate/);
    expect(server?.requests).toEqual([]);
  });

  test('with keys as well, both are asked for', async () => {
    const origin = await serve((request, response) => {
      const answer =
        request.url === '/plain' ? '{"value":{"score":10}}' : answerFor(`${origin}${request.url ?? ''}`);
      response.writeHead(200, { 'content-type': 'application/jwt' }).end(answer);
    }, tls);
    expect(await ask(`${origin}/x`, { pin: tls.pin })).toMatchObject({ value: { score: 10 } });
    expect(await refusal(ask(`${origin}/plain`, { pin: tls.pin }))).toMatch(/^malformed/);
    expect(await refusal(ask(`${origin}/x`, { pin: selfSigned().pin }))).toMatch(/^unavailable/);
  });

  test('may say when it was made', async () => {
    const origin = await serve(send(`{"iat":${SECOND - 30},"value":{"score":10}}`, 'application/json'), tls);
    expect(await ask(`${origin}/x`, pinned())).toEqual({ value: { score: 10 }, observedAt: NOW - 30_000 });
  });

  test('of the future is observed now', async () => {
    const origin = await serve(
      send(`{"iat":${SECOND + 9999},"value":{"score":10}}`, 'application/json'),
      tls,
    );
    expect(await ask(`${origin}/x`, pinned())).toMatchObject({ observedAt: NOW });
  });

  test.each([
    ['{"value":{"score":10},"exp":1}', 'claim'],
    ['{"value":{"score":10},"value":{"score":1}}', 'malformed'],
    ['{"score":10}', 'claim'],
    ['{"value":null}', 'claim'],
    ['{}', 'claim'],
    ['10', 'malformed'],
    ['[{"value":{"score":10}}]', 'malformed'],
    ['{"iat":"now","value":{"score":10}}', 'claim'],
    ['{"value":{"score":10}}x', 'malformed'],
    ['{"value":{"__proto__":{"score":10}}}', 'malformed'],
  ])('is an object with `value`, strictly: %s', async (body, code) => {
    const origin = await serve(send(body, 'application/json'), tls);
    expect(await refusal(ask(`${origin}/x`, pinned()))).toMatch(new RegExp(`^${code}: `));
  });
});

describe('a source that misbehaves', () => {
  const drip = (response: ServerResponse, bytes: string): void => {
    const timer = setInterval(() => response.write(bytes), 20);
    response.on('close', () => clearInterval(timer));
  };
  const HOSTILE: readonly (readonly [string, RequestListener, string])[] = [
    ['is silent', () => undefined, 'did not answer'],
    [
      'drips its body',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/jwt' });
        drip(response, ' ');
      },
      'did not finish its answer',
    ],
    [
      'drips its header',
      (_, response) => {
        response.socket?.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => response.socket?.write('x: y\r\n'), 20);
        response.on('close', () => clearInterval(timer));
      },
      'did not answer',
    ],
    [
      'switches protocols',
      (_, response) => {
        response.socket?.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
        );
      },
      'did not answer',
    ],
    ['closes', (request) => request.socket.destroy(), 'did not answer'],
    [
      'sends a header of 100 kB',
      (_, response) => response.writeHead(200, { x: 'y'.repeat(100_000) }).end(),
      'did not answer',
    ],
    ['redirects', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(), 'answered 302'],
    ['says 304', (_, response) => response.writeHead(304).end(), 'answered 304'],
    ['says 404', send('a.b.c', 'application/jwt', 404), 'answered 404'],
    ['fails', send('', 'application/jwt', 500), 'answered 500'],
    [
      'compresses',
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
      'answered compressed',
    ],
    ['says a byte too much', send('x'.repeat(16 * 1024 + 1)), 'is larger than 16384 bytes'],
  ];
  test.each(HOSTILE)('P9 one that %s is no source', async (_what, listener, reason) => {
    const origin = await serve(listener);
    expect(await refusal(ask(`${origin}/x`, { timeout: 0.3 }))).toMatch(
      new RegExp(`^unavailable: .*${reason}`),
    );
    expect(server?.requests).toEqual(['/x']);
  });

  test('P9 of 50 MB no more is taken than fits on the way', async () => {
    const chunk = Buffer.alloc(64 * 1024, ' ');
    let left = 50 * 1024 * 1024;
    const origin = await serve((_, response) => {
      const more = (): void => {
        while (left > 0 && !response.destroyed) {
          left -= chunk.length;
          if (!response.write(chunk)) return;
        }
        response.end();
      };
      response.writeHead(200, { 'content-type': 'application/jwt' }).on('drain', more);
      more();
    });
    expect(await refusal(ask(`${origin}/x`))).toContain('is larger than 16384 bytes');
    expect(left).toBeGreaterThan(34 * 1024 * 1024);
  });

  test.each([null, 'A'])('P9 the time holds for a TLS handshake that never ends (pin %s)', async (pin) => {
    const mute = createServer(() => undefined);
    await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done));
    const address = mute.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await refusal(ask(`https://127.0.0.1:${port}/x`, { pin, timeout: 0.2 }))).toMatch(
      /^unavailable: .*did not answer/,
    );
    mute.close();
  });
});

describe('where a source may be', () => {
  const resolving = (addresses: readonly string[]) => reader({ resolve: async () => addresses });

  test.each([['10.0.0.1'], ['127.0.0.1'], ['fd00::1'], ['169.254.169.254'], ['93.184.215.14', '10.0.0.1']])(
    'P9 O4 not where a name leads into our network: %s',
    async (...addresses) => {
      const facts = resolving(addresses);
      const outside = source({ privateAddresses: false });
      expect(await refusal(facts.observe(outside, 'https://risk.acme.example/x', 'svc', NOW))).toMatch(
        /^unavailable: .*is not allowed here/,
      );
    },
  );

  test('P9 O4 not at an address of our network that is written out, and not over http', async () => {
    const origin = await honest();
    expect(await refusal(ask(`${origin}/x`, { privateAddresses: false }))).toContain('must be https');
    expect(
      await refusal(ask(`${origin.replace('http:', 'https:')}/x`, { privateAddresses: false })),
    ).toContain('not allowed here');
    expect(server?.requests).toEqual([]);
  });

  test('P9 never at a metadata service, also where private addresses are allowed', async () => {
    const facts = resolving(['169.254.169.254']);
    expect(await refusal(facts.observe(source(), 'https://risk.acme.example/x', 'svc', NOW))).toContain(
      'not allowed',
    );
  });

  test('P9 a name is resolved once for a question, and the connection made to what was checked', async () => {
    const origin = await serve((request, response) => {
      const url = `http://${request.headers.host ?? ''}${request.url ?? ''}`;
      response.writeHead(200, { 'content-type': 'application/jwt' }).end(answerFor(url));
    });
    const asked: string[] = [];
    const facts = reader({
      resolve: async (host) => {
        asked.push(host);
        return asked.length === 1 ? ['127.0.0.1'] : ['169.254.169.254'];
      },
    });
    const url = `${origin.replace('127.0.0.1', 'risk.invalid')}/x`;
    expect(await facts.observe(source(), url, 'svc', NOW)).toMatchObject({ value: { score: 10 } });
    expect(asked).toEqual(['risk.invalid']);
  });

  test('P9 a pinned connection goes to the address that was checked, too', async () => {
    const origin = await serve(send('{"value":{"score":10}}', 'application/json'), tls);
    const facts = reader({ resolve: async () => ['127.0.0.1'] });
    const url = `${origin.replace('127.0.0.1', 'risk.invalid')}/x`;
    const pinned = source({ keys: null, pin: tls.pin });
    expect(await facts.observe(pinned, url, 'svc', NOW)).toMatchObject({ value: { score: 10 } });
  });

  test('P9 gives up on a resolver that never answers', async () => {
    const facts = reader({ resolve: async () => new Promise<never>(() => undefined) });
    const slow = source({ timeout: 0.1 });
    expect(await refusal(facts.observe(slow, 'https://risk.acme.example/x', 'svc', NOW))).toContain(
      'does not resolve',
    );
  });
});

describe('asking again', () => {
  test('S3.8 64 at the same time are one question', async () => {
    const origin = await honest();
    const facts = reader();
    const all = await Promise.all(
      Array.from({ length: 64 }, async (_, i) => facts.observe(source(), `${origin}/x`, `svc-${i}`, NOW + i)),
    );
    expect(new Set(all)).toEqual(new Set([{ value: { score: 10 }, observedAt: NOW }]));
    expect(server?.requests).toEqual(['/x']);
  });

  test('64 at the same time share a failure, and the next one asks again', async () => {
    let broken = true;
    const origin = await serve((request, response) => {
      const url = `${origin}${request.url ?? ''}`;
      response.writeHead(broken ? 500 : 200, { 'content-type': 'application/jwt' }).end(answerFor(url));
    });
    const facts = reader();
    const all = await Promise.all(
      Array.from({ length: 64 }, async (_, i) =>
        refusal(facts.observe(source(), `${origin}/x`, `svc-${i}`, NOW)),
      ),
    );
    expect(all.every((each) => each.includes('answered 500'))).toBe(true);
    expect(all[7]).toContain('asked about svc-7');
    expect(server?.requests).toHaveLength(1);
    broken = false;
    expect(await facts.observe(source(), `${origin}/x`, 'svc', NOW)).toMatchObject({ value: { score: 10 } });
    expect(server?.requests).toHaveLength(2);
  });

  test('an answer is given again until `max-age` after it was observed', async () => {
    const origin = await honest();
    const facts = reader();
    for (const [later, asked] of [
      [0, 1],
      [59_999, 1],
      [60_000, 2],
    ] as const) {
      expect(await facts.observe(source(), `${origin}/x`, 'svc', NOW + later)).toMatchObject({
        value: { score: 10 },
      });
      expect(server?.requests).toHaveLength(asked);
    }
  });

  test('max-age counts from when an answer was made, and one that is older is asked for each time', async () => {
    const origin = await honest({ claims: { iat: SECOND - 50 } });
    const facts = reader();
    const observe = async (now: number) => facts.observe(source(), `${origin}/x`, 'svc', now);
    expect(await observe(NOW)).toMatchObject({ observedAt: NOW - 50_000 });
    await observe(NOW + 9_999);
    expect(server?.requests).toHaveLength(1);
    expect(await observe(NOW + 10_000)).toMatchObject({ observedAt: NOW - 50_000 });
    await observe(NOW + 10_000);
    expect(server?.requests).toHaveLength(3);
  });

  test('an answer is never given again after its own end', async () => {
    const origin = await honest({ claims: { exp: SECOND + 5 } });
    const facts = reader();
    await facts.observe(source(), `${origin}/x`, 'svc', NOW + 4_999);
    expect(await refusal(facts.observe(source(), `${origin}/x`, 'svc', NOW + 5_000))).toContain('expired');
  });

  test('a clock that went back asks again', async () => {
    const origin = await honest();
    const facts = reader();
    await facts.observe(source(), `${origin}/x`, 'svc', NOW);
    await facts.observe(source(), `${origin}/x`, 'svc', NOW - 1);
    expect(server?.requests).toHaveLength(2);
  });

  test('another url, and the same url of a source declared otherwise, is another question', async () => {
    const origin = await honest();
    const facts = reader();
    const observe = async (changes: Partial<HttpSource>, path: string) =>
      facts.observe(source(changes), `${origin}${path}`, 'svc', NOW);
    await observe({}, '/a');
    await observe({}, '/b');
    await observe({}, '/a');
    expect(server?.requests).toEqual(['/a', '/b']);
    expect(await refusal(observe({ keys: [listed('RS256', 'k1')] }, '/a'))).toMatch(/^key: /);
    expect(await refusal(observe({ type: { type: 'long' } }, '/a'))).toMatch(/^claim: /);
    expect(server?.requests).toHaveLength(4);
  });

  test('no more than 2048 answers are kept: the oldest makes room', async () => {
    const origin = await honest();
    const facts = reader();
    const observe = async (i: number) => facts.observe(source(), `${origin}/${i}`, 'svc', NOW);
    for (let i = 0; i < 2049; i += 64) {
      await Promise.all(Array.from({ length: Math.min(64, 2049 - i) }, async (_, j) => observe(i + j)));
    }
    expect(server?.requests).toHaveLength(2049);
    await observe(2048);
    await observe(1000);
    expect(server?.requests).toHaveLength(2049);
    await observe(0);
    expect(server?.requests).toHaveLength(2050);
  });

  test('no more than 512 questions are under way', async () => {
    const waiting: ServerResponse[] = [];
    const origin = await serve((_, response) => {
      waiting.push(response);
    });
    const facts = reader();
    const many = Array.from({ length: 512 }, async (_, i) =>
      refusal(facts.observe(source({ timeout: 20 }), `${origin}/${i}`, 'svc', NOW)),
    );
    expect(await refusal(facts.observe(source(), `${origin}/one-more`, 'svc', NOW))).toContain(
      'too many questions',
    );
    await server?.[Symbol.asyncDispose]();
    server = undefined;
    expect((await Promise.all(many)).every((each) => each.startsWith('unavailable'))).toBe(true);
  });
});
