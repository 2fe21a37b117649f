import { anchorOf } from '@writ/testkit';
import { expect, test } from 'vitest';
import type { KindAttestor } from './attestor.ts';
import { createAttestors } from './attestors.ts';
import { EvidenceError } from './evidence-error.ts';

/** Says its name instead of verifying. */
function named(name: string, ...kinds: readonly string[]): KindAttestor {
  return { kinds, verify: async () => Promise.reject(new EvidenceError('claim', name)) };
}

const anchors = (kind: string) =>
  anchorOf({ issuer: 'https://issuer.example', algorithm: 'ES256' }, { kind });

test('the anchor’s kind decides who verifies', async () => {
  const both = createAttestors([named('first', 'oidc', 'gitlab-ci'), named('second', 'spiffe')]);
  for (const [kind, message] of [
    ['oidc', 'first'],
    ['gitlab-ci', 'first'],
    ['spiffe', 'second'],
  ] as const) {
    await expect(both.verify('t', anchors(kind), 'subject', 0)).rejects.toThrow(message);
  }
});

test.each(['kubernetes', 'constructor', '', 'SPIFFE'])(
  'law 1: nobody verifies for anchors of kind `%s`',
  async (kind) => {
    const attestor = createAttestors([named('only', 'spiffe')]);
    await expect(attestor.verify('t', anchors(kind), 'subject', 0)).rejects.toMatchObject({
      code: 'unsupported',
    });
  },
);

test('no two are for the same kind', () => {
  expect(() => createAttestors([named('a', 'oidc'), named('b', 'spiffe', 'oidc')])).toThrow('two attestors');
});
