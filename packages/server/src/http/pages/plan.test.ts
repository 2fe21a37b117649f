import { hash } from 'node:crypto';
import { approvalChallenge, authenticatorChallenge, canonicalJson, type Json, toHex } from '@writ/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
// @ts-expect-error -- plain JavaScript, whose types are checked where it is
import * as asset from './assets/plan.js';
import { leavesOf } from './request/leaves.ts';

/** What browsers run. */
const plan: {
  canonicalJson(value: unknown): string;
  digestOf(value: unknown): Promise<string>;
  planOf(leaves: readonly { readonly pointer: string; readonly text: string }[]): unknown;
  approvalChallenge(decided: object): Promise<string>;
  passkeyChallenge(change: object): Promise<string>;
} = asset;

const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

const text = fc.string({
  unit: fc.constantFrom('a', '/', '~', '0', '"', '\\', '\u202e', '\u0000', 'é', '🜁', '\n'),
});
const name = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', '', '~1', '/'));
const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
  ),
}));

describe('what a browser computes', () => {
  test('F2 is the digest of what its reader sees: the table gives back the plan that was taken apart', async () => {
    await fc.assert(
      fc.asyncProperty(json, async (value) => {
        const seen = plan.planOf(leavesOf(value));
        expect(plan.canonicalJson(seen)).toBe(canonicalJson(value));
        expect(await plan.digestOf(seen)).toBe(toHex(sha256(Buffer.from(canonicalJson(value)))));
      }),
      { numRuns: 1_000 },
    );
  });

  test('F2 another leaf has another digest', async () => {
    const leaves = leavesOf({ scopes: ['reports:read'], ttl: 60 });
    const digest = await plan.digestOf(plan.planOf(leaves));
    const wider = leaves.map((leaf) => ({ ...leaf, text: leaf.text.replace('read', 'write') }));
    expect(await plan.digestOf(plan.planOf(wider))).not.toBe(digest);
    expect(await plan.digestOf(plan.planOf(leaves.slice(1)))).not.toBe(digest);
  });

  test.each([
    [
      'one place twice',
      [
        ['/a', '1'],
        ['/a', '2'],
      ],
      'is there twice',
    ],
    [
      'something below a value',
      [
        ['/a', '1'],
        ['/a/b', '2'],
      ],
      'is below a value',
    ],
    [
      'something below an object that stands in a leaf',
      [
        ['/a', '{"c":1}'],
        ['/a/b', '2'],
      ],
      'is below a value',
    ],
    [
      'a place that is none',
      [
        ['a', '1'],
        ['/b', '2'],
      ],
      'is no place in it',
    ],
    ['no JSON', [['/a', '{']], 'JSON'],
  ])('is nothing where a table holds %s', (_, leaves, message) => {
    const made = leaves.map(([pointer = '', value = '']) => ({ pointer, text: value }));
    expect(() => plan.planOf(made)).toThrow(message);
  });

  test.each([[1.5], [Number.NaN], [2 ** 53], ['\ud800'], [undefined], [{ a: () => 0 }]])(
    'is nothing for %s, which no plan holds',
    (value) => {
      expect(() => plan.canonicalJson(value)).toThrow(/safe integer|half a character|no JSON/);
    },
  );

  test('is what the server has a passkey sign, for a decision and for a change of passkeys', async () => {
    const decided = {
      approver: 'user:mei',
      decision: 'approve',
      digest: 'ab'.repeat(32),
      nonce: 'bm9uY2U',
      rule: 'owner-accepts',
      run: 'run_1',
    } as const;
    expect(await plan.approvalChallenge(decided)).toBe(base64url(approvalChallenge(sha256, decided)));
    const change = { event: 'authenticator-added', id: 'aWQ', nonce: 'bm9uY2U', person: 'user:mei' } as const;
    expect(await plan.passkeyChallenge(change)).toBe(base64url(authenticatorChallenge(sha256, change)));
  });
});
