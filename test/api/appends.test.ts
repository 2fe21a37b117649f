import { describe, expect, test } from 'vitest';
import { type ApiHouse, askedBody, NO_APPROVALS, openApiHouse, type Told } from './api-house.ts';
import type { Description } from './conforms.ts';

const RULE = 'owner-accepts';

/** What changes nothing that the ledger records, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  previewRun: 'it keeps nothing',
  challengeRun: 'a challenge is a value that its asker brings back',
};

const waiting = async (api: ApiHouse): Promise<string> => {
  const { body } = await (await api.person('user:rui')).post('/runs', askedBody());
  return String(body['run']);
};

/** One call of each operation that may change something, and nothing else that could append between its begin and end. */
const CALLS: Readonly<Record<string, (api: ApiHouse) => Promise<() => Promise<Told>>>> = {
  requestIdentity: async (api) => {
    const rui = await api.person('user:rui');
    await api.house.adopt(...NO_APPROVALS);
    return async () => rui.post('/runs', askedBody());
  },
  previewRun: async (api) => {
    const rui = await api.person('user:rui');
    return async () => rui.post('/runs/preview', askedBody());
  },
  challengeRun: async (api) => {
    const [run, mei] = [await waiting(api), await api.person('user:mei')];
    return async () => mei.post(`/runs/${run}/challenge`, { rule: RULE, decision: 'approve' });
  },
  approveRun: async (api) => {
    const [run, mei] = [await waiting(api), await api.person('user:mei')];
    return async () => mei.decide(run, RULE);
  },
  denyRun: async (api) => {
    const [run, mei] = [await waiting(api), await api.person('user:mei')];
    return async () => mei.post(`/runs/${run}/deny`, { rule: RULE, reason: 'no' });
  },
  cancelRun: async (api) => {
    const rui = await api.person('user:rui');
    const { body } = await rui.post('/runs', askedBody());
    return async () => rui.post(`/runs/${String(body['run'])}/cancel`);
  },
};

describe('the ledger', () => {
  test('grows with every operation that is not an exception, and with no exception', async () => {
    await using described = await openApiHouse();
    const document = (await (await fetch(`${described.base}/openapi.json`)).json()) as Description;
    const changing = Object.values(document.paths).flatMap((item) =>
      Object.entries(item).flatMap(([method, { operationId }]) => (method === 'get' ? [] : [operationId])),
    );
    expect(new Set(changing)).toEqual(new Set(Object.keys(CALLS)));
    for (const [operation, prepare] of Object.entries(CALLS)) {
      await using api = await openApiHouse();
      const call = await prepare(api);
      const before = await api.ledgerSize();
      const { status } = await call();
      expect([operation, status < 300]).toEqual([operation, true]);
      const grown = (await api.ledgerSize()) > before;
      expect([operation, grown]).toEqual([operation, EXCEPTIONS[operation] === undefined]);
    }
  });

  test('does not grow with anything that is only looked at, or refused', async () => {
    await using api = await openApiHouse();
    const [run, rui] = [await waiting(api), await api.person('user:rui')];
    const before = await api.ledgerSize();
    for (const path of [
      '/runs',
      `/runs/${run}`,
      '/inbox',
      '/identities',
      '/identities/svc-payments',
      '/problems',
    ])
      expect((await rui.get(path)).status).toBe(200);
    for (const path of ['/runs', `/runs/${run}/approve`, `/runs/${run}/deny`, '/runs/run_x/cancel'])
      expect((await rui.post(path, {})).status).toBeGreaterThanOrEqual(400);
    expect(await api.ledgerSize()).toBe(before);
  });
});
