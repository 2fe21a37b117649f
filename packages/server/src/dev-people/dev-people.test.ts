import { startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let world: World;
beforeAll(async () => {
  world = await startWorld({ host: 'localhost' });
});
afterAll(async () => world[Symbol.asyncDispose]());

async function ask(path: string, body: object | null, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(world.url + path, {
    method: body === null ? 'GET' : 'POST',
    ...(body === null ? {} : { body: JSON.stringify(body) }),
    headers: { ...(body === null ? {} : { 'content-type': 'application/json' }), ...headers },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

describe('sample people of `writ dev`', () => {
  test('are listed, each labelled', async () => {
    const { status, body } = await ask('/dev/people', null);
    expect(status).toBe(200);
    expect(body.people).toHaveLength(5);
    expect(body.people[0]).toMatchObject({ person: 'user:ana', name: 'Ana (sample)' });
  });

  test('sign in', async () => {
    const signedIn = await ask('/dev/sign-in', { person: 'user:ana' });
    expect(signedIn.body).toEqual({ person: 'user:ana', sample: true });
    expect(signedIn.status).toBe(200);
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    const challenge = Buffer.alloc(32, 1).toString('base64url');
    const signed = await ask(
      '/dev/assert',
      { challenge, purpose: 'approve' },
      { cookie: cookie.split(';')[0] ?? '', origin: world.url },
    );
    expect(signed.body).toMatchObject({ sample: true });
  });
});
