import { createDpopKey, GITHUB_CLAIMS, startWorld } from '@writ/testkit';
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

test('E1 the same evidence refused again and again is one refusal in the store, and another one in another', async () => {
  await using world = await startWorld();
  const refused = async (jti: string): Promise<unknown> => {
    const subject_token = world.github.sign({ ...GITHUB_CLAIMS, ref: 'refs/heads/main', jti });
    const { body } = await world.exchange(createDpopKey(), { subject_token });
    const again = await world.exchange(createDpopKey(), { subject_token });
    expect(again.body['writ_ref']).toBe(body['writ_ref']);
    return body['writ_ref'];
  };
  expect(await refused('a')).not.toBe(await refused('b'));
  const rows = await world.running.house.store.read.rows('decisions', { limit: 100 });
  expect(rows).toHaveLength(2);
});
