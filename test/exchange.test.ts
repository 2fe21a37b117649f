import { createDpopKey, startWorld } from '@writ/testkit';
import { expect, test } from 'vitest';

test('S1.7 a release run exchanges its CI token for a deploy token bound to its key', async () => {
  await using world = await startWorld();
  const key = createDpopKey();
  const { status, body } = await world.exchange(key);
  expect(body).toMatchObject({ token_type: 'DPoP', expires_in: 600, scope: 'deploy:read' });
  expect(status).toBe(200);
  const { body: seen } = await world.introspect(String(body['access_token']));
  expect(seen).toMatchObject({ active: true, client_id: 'svc-payments', cnf: { jkt: key.thumbprint } });
});
