import { createHash } from 'node:crypto';
import { canonicalJson } from '@writ/core';
import { createSoftwarePasskey } from '@writ/testkit';
import type { Edit } from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import {
  type ApiHouse,
  type ApiPerson,
  askedBody,
  NO_APPROVALS,
  openApiHouse,
  type Told,
} from './api-house.ts';
import type { Description } from './conforms.ts';

const RULE = 'owner-accepts';

/** A deploy token is signed once the owner of its identity has confirmed it. */
const CONFIRMED: Edit = [
  'flows/ci-deploy-token.flow.yaml',
  'activate: { when: issued }',
  'activate: { when: confirmed, by: owner, not: [], within: 1h }',
];

/** What changes nothing that the ledger records, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  previewRun: 'it keeps nothing',
  challengeRun: 'a challenge is a value that its asker brings back',
  challengePasskey: 'a challenge is a value that its asker brings back',
  confirmTerminal: 'a session',
  startTerminal: 'a session',
  pollTerminal: 'a session',
  proposeChange: 'a run that waits; what is agreed to, and what comes of it, are the entries',
};

const waiting = async (api: ApiHouse): Promise<string> => {
  const { body } = await (await api.person('user:rui')).post('/runs', askedBody());
  return String(body['run']);
};

/** A passkey that is made over a challenge, and what a passkey that the person has signs to it. */
const made = async (person: ApiPerson, change: Readonly<Record<string, string>>): Promise<object> => {
  const { body } = await person.post('/passkeys/challenge', change);
  const [nonce, challenge] = [String(body['nonce']), Buffer.from(String(body['challenge']), 'base64url')];
  const next = createSoftwarePasskey({ rpId: 'localhost', origin: 'http://localhost:8420' });
  const signed = { event: change['event'], id: next.id, nonce, person: person.id };
  const text = `writ/authenticator/1\n${canonicalJson(signed)}`;
  return {
    nonce,
    label: 'another',
    registration: next.register(challenge),
    assertion: person.passkey.assert(createHash('sha256').update(text).digest()),
  };
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
  confirmRun: async (api) => {
    const ana = await api.person('user:ana');
    await api.house.adopt(CONFIRMED);
    const answer = await api.house.engine.request(api.house.asked());
    const run = answer.outcome === 'waiting' ? answer.run : JSON.stringify(answer);
    return async () => ana.decide(run, 'activate', 'confirm');
  },
  proposeChange: async (api) => {
    const mei = await api.person('user:mei');
    const { body } = await mei.get('/artefacts');
    const files: readonly { path: string; text: string }[] = Array.isArray(body['files'])
      ? body['files']
      : [];
    const changed = files.map(({ path, text }) => ({
      path,
      text: text.replace('max-ttl: 1h', 'max-ttl: 50m'),
    }));
    return async () => mei.post('/changes', { summary: 'shorter', base: body['hash'], files: changed });
  },
  challengePasskey: async (api) => {
    const ana = await api.person('user:ana');
    return async () => ana.post('/passkeys/challenge', { event: 'authenticator-added' });
  },
  addPasskey: async (api) => {
    const ana = await api.person('user:ana');
    const body = await made(ana, { event: 'authenticator-added' });
    return async () => ana.post('/passkeys', body);
  },
  replacePasskey: async (api) => {
    const ana = await api.person('user:ana');
    const body = await made(ana, { event: 'authenticator-replaced', id: ana.passkey.id });
    return async () => ana.post(`/passkeys/${ana.passkey.id}/replace`, body);
  },
  reportPasskeyLost: async (api) => {
    const ana = await api.person('user:ana');
    return async () => ana.post(`/passkeys/${ana.passkey.id}/lost`);
  },
  invitePerson: async (api) => {
    const ana = await api.person('user:ana');
    const { body } = await ana.post('/passkeys/challenge', { event: 'invited', person: 'user:tom' });
    const assertion = ana.passkey.assert(Buffer.from(String(body['challenge']), 'base64url'));
    return async () => ana.post('/people/user:tom/invitations', { nonce: body['nonce'], assertion });
  },
  startTerminal: async (api) => {
    const ana = await api.person('user:ana');
    return async () => ana.post('/device');
  },
  pollTerminal: async (api) => {
    const ana = await api.person('user:ana');
    const { body } = await ana.post('/device');
    return async () => ana.post('/device/token', { device_code: body['device_code'] });
  },
  confirmTerminal: async (api) => {
    const ana = await api.person('user:ana');
    const { body } = await ana.post('/device');
    return async () => ana.post('/device/confirm', { user_code: body['user_code'] });
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
      const { status, text } = await call();
      expect([operation, status < 300 ? 'done' : text]).toEqual([operation, 'done']);
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
