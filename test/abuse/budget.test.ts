import { createDpopKey, startWorld, type World } from '@writ/testkit';
import { expect, test } from 'vitest';
import { asClient, deployRights, encoded, issuedCount, proofBy, type Received, send } from './requests.ts';

const AT_ONCE = 64;

async function exchangeAtOnce(world: World, count: number, resource?: string): Promise<readonly Received[]> {
  const nonce = await world.nonce();
  return Promise.all(
    Array.from({ length: count }, async () => {
      const body = world.form(resource === undefined ? {} : { resource }).toString();
      return send(world.url, {
        path: '/token',
        body,
        headers: { dpop: proofBy(world, createDpopKey(), nonce) },
      });
    }),
  );
}

const granted = (answers: readonly Received[]): readonly Received[] =>
  answers.filter(({ status }) => status === 200);
const rules = (answers: readonly Received[]): ReadonlySet<unknown> =>
  new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body['writ_rule']));

test('S4.11 of 64 at once a rate of 17 grants exactly 17, and later ones nothing', async () => {
  await using world = await startWorld({
    files: deployRights('    budget: { rate: { max: 17, per: 365d } }\n'),
  });
  const answers = await exchangeAtOnce(world, AT_ONCE);
  expect(granted(answers).length).toBe(17);
  expect(rules(answers)).toEqual(new Set(['right.payments-deploy.budget']));
  expect(granted(await exchangeAtOnce(world, 5)).length).toBe(0);
  expect(issuedCount(world)).toBe(17);
});

test('S4.11 of 64 at once a budget of 9 live credentials grants exactly 9, and one more for each revoked', async () => {
  await using world = await startWorld({ files: deployRights('    budget: { live: 9 }\n') });
  const answers = await exchangeAtOnce(world, AT_ONCE);
  expect(granted(answers).length).toBe(9);
  expect(rules(answers)).toEqual(new Set(['right.payments-deploy.budget']));
  const token = String(granted(answers)[0]?.body['access_token']);
  await send(world.url, { path: '/revoke', body: encoded(asClient(world.clientAssertion(), { token })) });
  expect(granted(await exchangeAtOnce(world, AT_ONCE)).length).toBe(1);
});

test('S4.11 both budgets hold, and neither binds another right', async () => {
  const budget = '    budget: { rate: { max: 12, per: 365d }, live: 5 }\n';
  await using world = await startWorld({ files: deployRights(budget) });
  expect(granted(await exchangeAtOnce(world, 32)).length).toBe(5);
  expect(granted(await exchangeAtOnce(world, 32, 'https://artifacts.acme.example')).length).toBe(32);
});

test('C11 a budget is not anybody else to spend: no parameter, header, key or spelling makes another counter', async () => {
  await using world = await startWorld({
    files: deployRights('    budget: { rate: { max: 3, per: 365d } }\n'),
  });
  expect(granted(await exchangeAtOnce(world, 3)).length).toBe(3);
  const nonce = await world.nonce();
  for (const [changes, headers] of [
    [{ unused: 'x' }, {}],
    [{ audience: 'https://deploy.acme.example' }, {}],
    [{ scope: 'deploy:write' }, {}],
    [{}, { 'x-forwarded-for': '192.0.2.1' }],
    [{}, { forwarded: 'for=192.0.2.1' }],
    [
      {
        authorization_details:
          '[{"type":"writ_issuance","ttl":1,"flow":"ci-deploy-token","fields":{"target":"staging"}}]',
      },
      {},
    ],
  ] as const) {
    const dpop = proofBy(world, createDpopKey(), nonce);
    const { body } = await send(world.url, {
      path: '/token',
      body: world.form(changes).toString(),
      headers: { ...headers, dpop },
    });
    expect(body).toMatchObject({ writ_rule: 'right.payments-deploy.budget' });
  }
  for (const client_id of [
    'SVC-PAYMENTS',
    'svc-payments ',
    ' svc-payments',
    'svc-payments\u0000',
    'ｓvc-payments',
  ]) {
    expect((await world.exchange(createDpopKey(), { client_id })).status).toBe(400);
  }
  expect(issuedCount(world)).toBe(3);
});

test('S4.11 what is refused costs nothing', async () => {
  await using world = await startWorld({
    files: deployRights('    budget: { rate: { max: 2, per: 365d } }\n'),
  });
  for (let i = 0; i < 5; i++) await world.exchange(createDpopKey(), { scope: 'deploy:admin' });
  expect(granted(await exchangeAtOnce(world, 8)).length).toBe(2);
});
