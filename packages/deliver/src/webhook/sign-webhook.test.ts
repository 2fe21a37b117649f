import { randomBytes } from 'node:crypto';
import { Secret, WritError } from '@writ/core';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { signWebhook } from './sign-webhook.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const MESSAGE = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };

const anySecret = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`);

test('the signature is that of the specification’s own libraries', () => {
  expect(signWebhook(MESSAGE, [new Secret(SECRET)])).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('the reference library signs every message alike', () => {
  fc.assert(
    fc.property(
      anySecret,
      fc.stringMatching(/^[\w-]{1,128}$/),
      fc.integer({ min: 0, max: 8_000_000_000 }),
      fc.string({ unit: 'binary' }),
      (secret, id, timestamp, body) => {
        const { 'webhook-signature': signature } = signWebhook({ id, timestamp, body }, [new Secret(secret)]);
        expect(signature).toBe(new Webhook(secret).sign(id, new Date(timestamp * 1000), body));
      },
    ),
  );
});

test('with several secrets the reference library believes it with any of them, and with no other', () => {
  const secrets = Array.from({ length: 3 }, () => `whsec_${randomBytes(32).toString('base64')}`);
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = signWebhook(
    { ...MESSAGE, timestamp },
    secrets.map((secret) => new Secret(secret)),
  );
  expect(headers['webhook-signature'].split(' ')).toHaveLength(3);
  for (const secret of secrets) {
    expect(new Webhook(secret).verify(MESSAGE.body, { ...headers })).toEqual({ test: 2432232314 });
  }
  expect(() => new Webhook(SECRET).verify(MESSAGE.body, { ...headers })).toThrow('No matching signature');
});

test.each<[string, Partial<typeof MESSAGE>, readonly string[]]>([
  ['an id that shifts what is signed', { id: 'msg.1' }, [SECRET]],
  ['an id that ends the header', { id: 'msg\r\nx: y' }, [SECRET]],
  ['an id that ends with a line', { id: 'msg_1\n' }, [SECRET]],
  ['no id', { id: '' }, [SECRET]],
  ['a long id', { id: 'x'.repeat(129) }, [SECRET]],
  ['a fraction of a second', { timestamp: 1.5 }, [SECRET]],
  ['a time before the epoch', { timestamp: -1 }, [SECRET]],
  ['no time', { timestamp: Number.NaN }, [SECRET]],
  ['no secret', {}, []],
  ['an empty secret', {}, ['whsec_']],
  ['a short secret', {}, ['whsec_plJ3nmyCDGBKInavdOK15jsl']],
  ['one bad secret among good ones', {}, [SECRET, 'canary']],
])('%s is refused, and the refusal tells no secret', (_name, changes, secrets) => {
  const sign = () =>
    signWebhook(
      { ...MESSAGE, ...changes },
      secrets.map((each) => new Secret(each)),
    );
  expect(sign).toThrow(WritError);
  expect(sign).not.toThrow(/canary|MfKQ9/);
});
