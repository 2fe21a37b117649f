import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64url } from './base64url.ts';

describe('decodeBase64url', () => {
  test('reads what the encoder writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        expect(decodeBase64url(buffer.toString('base64url'))).toEqual(buffer);
      }),
    );
  });

  test('T6 has one text for each bytes: any other text that Node reads alike is refused', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        fc.nat(11),
        fc.nat(65_535),
        (bytes, at, code) => {
          const text = Buffer.from(bytes).toString('base64url');
          const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
          fc.pre(changed !== text);
          expect(decodeBase64url(changed)).not.toEqual(Buffer.from(bytes));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each(['QQ==', 'QQ=', 'QR', 'QUJ', 'A', 'AAAAA', 'Q+', 'Q/', 'Q Q', 'QQ\n', 'QQ.', 'Qé', 'QQ\u0000'])(
    'T6 refuses %j',
    (text) => {
      expect(decodeBase64url(text)).toBeNull();
    },
  );

  test('reads the empty text as no bytes', () => {
    expect(decodeBase64url('')).toHaveLength(0);
  });
});
