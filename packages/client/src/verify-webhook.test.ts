import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { verifyWebhook } from './verify-webhook.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NOW = 1_614_265_330_000;
const BODY =
  '{"type":"freeze","timestamp":"2021-02-25T15:02:10Z","data":{"scope":"everything","by":"local"}}';
const EVENT = { id: 'msg_1', ...JSON.parse(BODY) };

/** Headers as the reference library makes them. */
function headersOf(
  body: string,
  changes: Readonly<Record<string, string | undefined>> = {},
  secret = SECRET,
) {
  return {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(NOW / 1000),
    'webhook-signature': new Webhook(secret).sign('msg_1', new Date(NOW), body),
    ...changes,
  };
}
const [VERSION = '', SIGNATURE = ''] = headersOf(BODY)['webhook-signature'].split(',');

describe('verifyWebhook', () => {
  test('O5 believes what the reference library signed, as text or bytes, from node:http or fetch', () => {
    const headers = headersOf(BODY);
    expect(verifyWebhook(headers, BODY, SECRET, NOW)).toEqual(EVENT);
    expect(verifyWebhook(headers, Buffer.from(BODY), SECRET, NOW)).toEqual(EVENT);
    expect(verifyWebhook(new Headers(headers), BODY, SECRET, NOW)).toEqual(EVENT);
    const shouted = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(verifyWebhook(shouted, BODY, SECRET, NOW)).toEqual(EVENT);
  });

  test('O5 the signature of the specification’s own libraries counts, though its body is no event of ours', () => {
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    expect(verifyWebhook(headers, '{"test": 2432232314}', SECRET, NOW)).toBeNull();
    const ours = new Webhook(SECRET).sign(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      new Date(NOW),
      '{"test": 2432232314}',
    );
    expect(ours).toBe(headers['webhook-signature']);
  });

  test('O5 believes whatever the reference library signs, and nothing else with it', () => {
    const anyBody = fc
      .record({ type: fc.string(), timestamp: fc.string(), data: fc.dictionary(fc.string(), fc.jsonValue()) })
      .map((body) => JSON.stringify(body));
    const anySecret = fc
      .uint8Array({ minLength: 24, maxLength: 64 })
      .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`);
    fc.assert(
      fc.property(anyBody, anySecret, (body, secret) => {
        const headers = headersOf(body, {}, secret);
        expect(verifyWebhook(headers, body, secret, NOW)).toEqual({ id: 'msg_1', ...JSON.parse(body) });
        expect(verifyWebhook(headers, `${body} `, secret, NOW)).toBeNull();
        expect(verifyWebhook(headers, body, OTHER, NOW)).toBeNull();
      }),
    );
  });

  test('several signatures, or several secrets: one of them is enough', () => {
    const both = `v1,AAAA v1a,${SIGNATURE} v2,x ${headersOf(BODY, {}, OTHER)['webhook-signature']} v1,${SIGNATURE}`;
    const headers = headersOf(BODY, { 'webhook-signature': both });
    expect(verifyWebhook(headers, BODY, SECRET, NOW)).toEqual(EVENT);
    expect(verifyWebhook(headers, BODY, OTHER, NOW)).toEqual(EVENT);
    expect(verifyWebhook(headersOf(BODY), BODY, [OTHER, SECRET], NOW)).toEqual(EVENT);
    expect(verifyWebhook(headersOf(BODY), BODY, [OTHER], NOW)).toBeNull();
  });

  test.each<[string, Readonly<Record<string, string | undefined>>]>([
    ['unsigned', { 'webhook-signature': undefined }],
    ['signed with nothing', { 'webhook-signature': '' }],
    ['signed with an empty signature', { 'webhook-signature': 'v1,' }],
    ['signed without a version', { 'webhook-signature': SIGNATURE }],
    ['signed with another version', { 'webhook-signature': `v1a,${SIGNATURE}` }],
    ['signed in part', { 'webhook-signature': `${VERSION},${SIGNATURE.slice(0, 8)}` }],
    ['signed in another spelling', { 'webhook-signature': `${VERSION},${SIGNATURE.replace('=', '')}` }],
    ['signed and more', { 'webhook-signature': `${VERSION},${SIGNATURE}=` }],
    ['signed twice in one', { 'webhook-signature': `${VERSION},${SIGNATURE},${SIGNATURE}` }],
    ['without an id', { 'webhook-id': undefined }],
    ['with an empty id', { 'webhook-id': '' }],
    ['of another id', { 'webhook-id': 'msg_2' }],
    ['without a time', { 'webhook-timestamp': undefined }],
    ['of another second', { 'webhook-timestamp': '1614265331' }],
    ['with a time in another spelling', { 'webhook-timestamp': '01614265330' }],
    ['with a signed time', { 'webhook-timestamp': '+1614265330' }],
    ['with a fraction of a second', { 'webhook-timestamp': '1614265330.0' }],
    ['with a time that is none', { 'webhook-timestamp': 'now' }],
    ['with a second id in other letters', { 'Webhook-Id': 'msg_1' }],
  ])('O5 a delivery %s is refused', (_name, changes) => {
    expect(verifyWebhook(headersOf(BODY, changes), BODY, SECRET, NOW)).toBeNull();
  });

  test('O5 a header that stands there twice is refused', () => {
    const headers = { ...headersOf(BODY), 'webhook-id': ['msg_1', 'msg_1'] };
    expect(verifyWebhook(headers, BODY, SECRET, NOW)).toBeNull();
  });

  test('O5 a body of which any byte changed is refused', () => {
    const headers = headersOf(BODY);
    const bytes = Buffer.from(BODY);
    for (const at of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(verifyWebhook(headers, changed, SECRET, NOW)).toBeNull();
    }
  });

  test('O5 a delivery is replayed within five minutes at most, and comes from the future by no more', () => {
    const headers = headersOf(BODY);
    for (const seconds of [-300, -1, 0, 1, 300]) {
      expect(verifyWebhook(headers, BODY, SECRET, NOW + seconds * 1000)).toEqual(EVENT);
    }
    for (const seconds of [-86_400, -301, 301, 86_400]) {
      expect(verifyWebhook(headers, BODY, SECRET, NOW + seconds * 1000)).toBeNull();
    }
    expect(verifyWebhook(headers, BODY, SECRET, Number.NaN)).toBeNull();
  });

  test('O5 what is signed cannot be read as another id, time and body', () => {
    const body = '1614265331.{"type":"freeze","timestamp":"t","data":{}}';
    const headers = headersOf(body, { 'webhook-id': 'msg_1.1614265330', 'webhook-timestamp': '1614265331' });
    expect(verifyWebhook(headers, body.slice(11), SECRET, NOW)).toBeNull();
  });

  test.each([
    '',
    'null',
    '[]',
    '{}',
    '{"type":"freeze"',
    '{"type":1,"timestamp":"t","data":{}}',
    '{"type":"freeze","data":{}}',
    '{"type":"freeze","timestamp":"t","data":[]}',
    '{"type":"freeze","timestamp":"t","data":null}',
    '{"__proto__":{"type":"freeze","timestamp":"t","data":{}}}',
  ])('%j is no event, though it is signed', (body) => {
    expect(verifyWebhook(headersOf(body), body, SECRET, NOW)).toBeNull();
  });

  test('bytes that are no UTF-8 are no event', () => {
    const body = Buffer.from('{"type":"\xff","timestamp":"t","data":{}}', 'latin1');
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key)
      .update(`msg_1.${NOW / 1000}.`)
      .update(body)
      .digest('base64');
    const headers = headersOf('', { 'webhook-signature': `v1,${signature}` });
    expect(verifyWebhook(headers, body, SECRET, NOW)).toBeNull();
  });

  test.each([
    '',
    'whsec_',
    'canary',
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    `${SECRET}\n`,
    'whsec_plJ3nmyCDGBKInavdOK15jsl',
    `whsec_${Buffer.alloc(23).toString('base64')}`,
    `whsec_${Buffer.alloc(65).toString('base64')}`,
  ])('the secret %j is refused aloud, and not repeated', (secret) => {
    expect(() => verifyWebhook(headersOf(BODY), BODY, secret, NOW)).toThrow(TypeError);
    expect(() => verifyWebhook(headersOf(BODY), BODY, [SECRET, secret], NOW)).not.toThrow(/canary|plJ3/);
  });

  test('no secret at all is refused aloud', () => {
    expect(() => verifyWebhook(headersOf(BODY), BODY, [], NOW)).toThrow(TypeError);
  });
});
