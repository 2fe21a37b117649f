import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHouse, type ApiPerson, askedBody, openApiHouse, type Told } from './api-house.ts';

let api: ApiHouse;
let rui: ApiPerson;
let ana: ApiPerson;
let mei: ApiPerson;
let named = 0;

beforeAll(async () => {
  api = await openApiHouse();
  [rui, ana, mei] = await Promise.all([
    api.person('user:rui'),
    api.person('user:ana'),
    api.person('user:mei'),
  ]);
});
afterAll(async () => api[Symbol.asyncDispose]());

const waiting = async (): Promise<string> => {
  named += 1;
  const { status, body } = await rui.post('/runs', askedBody({ name: `svc-${named}` }));
  if (status !== 202) throw new Error(JSON.stringify(body));
  return String(body['run']);
};
const said = ({ status, body }: Told): readonly unknown[] => [status, body['code'] ?? body['state']];
const rule = 'owner-accepts';

describe('deciding over HTTP', () => {
  test('S2.6 one of the owners approves with a passkey, and the identity is there', async () => {
    const run = await waiting();
    expect(await mei.get('/inbox')).toMatchObject({
      body: { items: expect.arrayContaining([expect.objectContaining({ run, rule, kind: 'approval' })]) },
    });
    expect(said(await mei.decide(run, rule))).toEqual([200, 'issued']);
    const shown = await mei.get(`/runs/${run}`);
    expect(shown.body).toMatchObject({
      approvals: [{ rule, person: 'user:mei', decision: 'approve', index: expect.any(Number) }],
    });
    const identity = await mei.get(`/identities/${String(shown.body['identity'])}`);
    expect([identity.status, identity.headers.get('etag')]).toEqual([200, '"1"']);
  });

  test('S2.6 whoever asked cannot approve it, and no group they are in makes them', async () => {
    const run = await waiting();
    const answer = await rui.post(`/runs/${run}/challenge`, { rule, decision: 'approve' });
    expect(said(answer)).toEqual([403, 'refused']);
    const forged = { rule, nonce: 'AA', assertion: rui.passkey.assert(Buffer.alloc(32)) };
    expect(said(await rui.post(`/runs/${run}/approve`, forged))).toEqual([403, 'refused']);
  });

  test('an assertion that is not over exactly this is a mistake of the caller, never of the server', async () => {
    const run = await waiting();
    const other = await waiting();
    const challenged = (await mei.post(`/runs/${run}/challenge`, { rule, decision: 'approve' })).body;
    const nonce = challenged['nonce'];
    const bytes = Buffer.from(String(challenged['challenge']), 'base64url');
    const assertion = mei.passkey.assert(bytes);
    const approve = async (who: ApiPerson, id: string, body: object): Promise<readonly unknown[]> =>
      said(await who.post(`/runs/${id}/approve`, { rule, nonce, assertion, ...body }));
    expect(await approve(mei, other, {})).toEqual([422, 'not-signed']);
    expect(await approve(ana, run, {})).toEqual([422, 'not-signed']);
    expect(await approve(mei, run, { assertion: mei.passkey.assert(Buffer.alloc(32)) })).toEqual([
      422,
      'not-signed',
    ]);
    expect(await approve(mei, run, { assertion: ana.passkey.assert(bytes) })).toEqual([422, 'not-signed']);
    expect(await approve(mei, run, { nonce: 'AAAA' })).toEqual([422, 'not-signed']);
    expect(
      said(await mei.post(`/runs/${run}/confirm`, { rule, nonce, assertion }))[0],
    ).toBeGreaterThanOrEqual(400);
    expect((await mei.get(`/runs/${run}`)).body['state']).toBe('waiting');
    expect(await approve(mei, run, {})).toEqual([200, 'issued']);
    expect(await approve(mei, run, {})).toEqual([409, 'conflict']);
  });

  test('S2.6 anybody whom it asks refuses it without a passkey, and nobody can approve it any more', async () => {
    const run = await waiting();
    const answer = await ana.post(`/runs/${run}/deny`, { rule, reason: 'no such report' });
    expect(said(answer)).toEqual([200, 'denied']);
    expect(answer.body['approvals']).toEqual([
      expect.objectContaining({ person: 'user:ana', decision: 'deny', reason: 'no such report' }),
    ]);
    expect(said(await mei.post(`/runs/${run}/challenge`, { rule, decision: 'approve' }))).toEqual([
      409,
      'conflict',
    ]);
    expect(said(await ana.post(`/runs/${run}/deny`, { rule, reason: 'again' }))).toEqual([409, 'conflict']);
  });

  test('a denial says why', async () => {
    const run = await waiting();
    expect(said(await ana.post(`/runs/${run}/deny`, { rule }))).toEqual([400, 'invalid']);
    expect(said(await ana.post(`/runs/${run}/deny`, { rule, reason: '' }))).toEqual([400, 'invalid']);
  });

  test('whoever asked takes it back, once, and nobody else does', async () => {
    const run = await waiting();
    expect(said(await mei.post(`/runs/${run}/cancel`))).toEqual([404, 'unknown']);
    expect(said(await rui.post(`/runs/${run}/cancel`, { force: true }))).toEqual([400, 'invalid']);
    expect(said(await rui.post(`/runs/${run}/cancel`, ''))).toEqual([200, 'cancelled']);
    expect(said(await rui.post(`/runs/${run}/cancel`))).toEqual([409, 'conflict']);
  });

  test('of 16 last approvals at once one counts, and each answer is one that is described', async () => {
    const run = await waiting();
    const answers = await Promise.all(
      Array.from({ length: 16 }, async (_, i) => (i % 2 === 0 ? mei : ana).decide(run, rule)),
    );
    for (const answer of answers) expect([200, 409, 422, 400]).toContain(answer.status);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1);
    const identity = String((await mei.get(`/runs/${run}`)).body['identity']);
    expect((await mei.get(`/identities/${identity}`)).body['revision']).toBe(1);
  });
});
