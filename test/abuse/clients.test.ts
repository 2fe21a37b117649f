import { startWorld } from '@writ/testkit';
import { expect, test } from 'vitest';
import { audiences, createResourceServer } from './requests.ts';

const one = createResourceServer('deploy-api');
const named = (client: string, of = one) => ({
  introspection: of.introspection.replace('client: deploy-api', `client: ${client}`),
});

test.each([
  [
    'P8 a client of two audiences',
    named('deploy-api', createResourceServer('deploy-api')),
    /a second audience that is introspected by `deploy-api`/,
  ],
  ['P8 a key of two clients', named('other-api'), /a second use of the public key/],
  [
    'C13 a client with the name of an identity',
    createResourceServer('svc-payments'),
    /`svc-payments` has the name of an identity/,
  ],
])('%s is not published', async (_name, second, message) => {
  await expect(startWorld({ files: audiences(one, second) })).rejects.toThrow(message);
});

test('two clients with a key each are', async () => {
  await using world = await startWorld({ files: audiences(one, createResourceServer('artifacts-api')) });
  expect(world.url).toContain('127.0.0.1');
});
