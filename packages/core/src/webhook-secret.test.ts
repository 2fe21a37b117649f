import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWebhookSecret } from './webhook-secret.ts';

const secretOf = (bytes: Uint8Array): string => `whsec_${Buffer.from(bytes).toString('base64')}`;

test('a secret has 24 to 64 bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(isWebhookSecret(secretOf(bytes))).toBe(bytes.length >= 24 && bytes.length <= 64);
    }),
  );
});

test.each([
  '',
  'whsec_',
  'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n',
  ' whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=',
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwA',
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAA',
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_',
  'whsec_plJ3nmyCDGBKInavdOK15jsl',
])('%j is no secret', (text) => {
  expect(isWebhookSecret(text)).toBe(false);
});
