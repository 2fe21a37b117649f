import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import {
  createDpopKey,
  GITHUB_CLAIMS,
  generateSigningKey,
  publicJwk,
  signCompactJws,
  startWorld,
} from '@writ/testkit';
import { expect, test } from 'vitest';

/** An issuer that lets us wait for its keys until it is told to answer: what an attacker who holds it would do. */
async function startSlowIssuer() {
  const pair = await generateSigningKey('RS256');
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    if (request.url !== '/jwks') {
      response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` }));
      return;
    }
    asked.resolve();
    void released.promise.then(() =>
      response.end(JSON.stringify({ keys: [publicJwk(pair, 'RS256', 'key-1')] })),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
  return {
    issuer,
    asked: asked.promise,
    release: released.resolve,
    token: () => {
      const iat = Math.floor(Date.now() / 1000);
      const claims = { ...GITHUB_CLAIMS, iss: issuer, iat, exp: iat + 300, jti: randomUUID() };
      return signCompactJws({ alg: 'RS256', typ: 'JWT', kid: 'key-1' }, claims, pair.privateKey, 'RS256');
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

test('G17 evidence of an issuer that is withdrawn while its keys are waited for is not believed any more', async () => {
  const slow = await startSlowIssuer();
  await using world = await startWorld();
  const { publisher } = world.running.house.engine;
  const path = join(world.directory, 'anchors/github-actions.yaml');
  const honest = readFileSync(path, 'utf8');
  const publish = async (text: string): Promise<void> => {
    const before = await publisher.currentHash();
    writeFileSync(path, text);
    await expect.poll(async () => (await publisher.currentHash()) !== before, { timeout: 20_000 }).toBe(true);
  };
  await publish(honest.replace(/^issuer: .*$/m, `issuer: ${slow.issuer}`));
  const pending = world.exchange(createDpopKey(), { subject_token: slow.token() });
  await slow.asked;
  await publish(honest);
  slow.release();
  const { status, body } = await pending;
  expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_grant' });
  expect(body).not.toHaveProperty('access_token');
  expect((await world.exchange(createDpopKey())).status).toBe(200);
  await slow.close();
});
