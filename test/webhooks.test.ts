import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook } from '@writ/client';
import { Secret, type WebhookEvent } from '@writ/core';
import { createWebhookSender } from '@writ/deliver/webhook';
import { afterAll, beforeAll, expect, test } from 'vitest';

const NOW = Date.UTC(2026, 10, 22, 12);
const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const LATER = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const EVENT: WebhookEvent & { readonly id: string } = {
  id: 'msg_1',
  type: 'run.waiting',
  timestampMs: NOW - 1_000,
  data: {
    run: 'run_1',
    flow: 'identity-issue',
    identity: 'svc-“payments”\u001b[2J',
    obligations: [{ rule: 'owner', assignee: 'group:payments', due: NOW + 86_400_000 }],
  },
};

let taken: { readonly headers: IncomingHttpHeaders; readonly body: Buffer }[] = [];
let status = 200;
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    taken.push({ headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(status).end();
  });
});
beforeAll(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(() => receiver.close());

/** What arrives when it is sent at `now`. */
async function delivered(now: number, secrets: readonly string[] = [SECRET]) {
  taken = [];
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const endpoint = {
    url,
    secrets: secrets.map((each) => new Secret(each)),
    privateAddresses: true,
    timeout: 10_000,
  };
  const outcome = await createWebhookSender({ now: () => now }).send(endpoint, EVENT);
  const [{ headers, body }] = taken as [(typeof taken)[number]];
  return { outcome, headers, body };
}

test('O5 what Writ sends is what the client verifies, member for member', async () => {
  const { outcome, headers, body } = await delivered(NOW);
  expect(outcome).toEqual({ ok: true, status: 200 });
  expect(verifyWebhook(headers, body, SECRET, NOW)).toEqual({
    id: 'msg_1',
    type: 'run.waiting',
    timestamp: '2026-11-22T11:59:59Z',
    data: {
      run: 'run_1',
      flow: 'identity-issue',
      identity: 'svc-“payments”\u001b[2J',
      obligations: [{ rule: 'owner', assignee: 'group:payments', due: '2026-11-23T12:00:00Z' }],
    },
  });
  expect(verifyWebhook(headers, body, LATER, NOW)).toBeNull();
  expect(verifyWebhook(headers, body, SECRET, NOW + 301_000)).toBeNull();
});

test('while secrets rotate, a receiver verifies with the old one, the new one, or both', async () => {
  const { headers, body } = await delivered(NOW, [LATER, SECRET]);
  for (const held of [SECRET, LATER, [SECRET, LATER]]) {
    expect(verifyWebhook(headers, body, held, NOW)).toMatchObject({ type: 'run.waiting' });
  }
});

test('O6 a later attempt is signed anew, over the same id and body', async () => {
  status = 503;
  const first = await delivered(NOW);
  status = 200;
  const second = await delivered(NOW + 86_400_000);
  expect([first.outcome.ok, second.outcome.ok]).toEqual([false, true]);
  expect(second.body).toEqual(first.body);
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(verifyWebhook(second.headers, second.body, SECRET, NOW + 86_400_000)).toMatchObject({ id: 'msg_1' });
  expect(verifyWebhook(first.headers, first.body, SECRET, NOW + 86_400_000)).toBeNull();
});
