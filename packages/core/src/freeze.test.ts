import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FREEZABLE, formatFreezeState, NEVER_FROZEN, parseFreezeScope, readFreezeState } from './freeze.ts';

describe('readFreezeState', () => {
  test('a cell never written is free, at epoch 0', () => {
    expect(readFreezeState(null)).toEqual(NEVER_FROZEN);
  });

  test('what was written is read', () => {
    fc.assert(
      fc.property(fc.nat(), fc.boolean(), (epoch, frozen) => {
        expect(readFreezeState(formatFreezeState({ epoch, frozen }))).toEqual({ epoch, frozen });
      }),
    );
  });

  test('states differ where anything of them does: one comparison covers epoch and freeze', () => {
    expect(
      new Set(
        [0, 1, 10].flatMap((epoch) => [true, false].map((frozen) => formatFreezeState({ epoch, frozen }))),
      ).size,
    ).toBe(6);
  });

  test.each([
    '',
    ' ',
    'free',
    'frozen',
    '1',
    '1 ',
    ' 1 free',
    '1 free ',
    '1 free\n',
    '1  free',
    '1 Free',
    '-1 free',
    '1.5 free',
    'x free',
    '1 free frozen',
    'null',
    '１ free',
    '{}',
  ])('S3.11 F10 a cell that cannot be read counts as frozen: %j', (cell) =>
    expect(readFreezeState(cell)).toEqual({ epoch: -1, frozen: true }),
  );

  test('S3.11 no text but a well-formed one is free', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (cell) => {
        fc.pre(!/^\d+ free$/.test(cell));
        expect(readFreezeState(cell).frozen).toBe(true);
      }),
    );
  });
});

describe('parseFreezeScope', () => {
  test.each([
    ['everything', { kind: 'everything', name: '' }],
    ['identity:svc-payments', { kind: 'identity', name: 'svc-payments' }],
    ['anchor:github-actions/acme', { kind: 'anchor', name: 'github-actions/acme' }],
    ['owner:user:ana', { kind: 'owner', name: 'user:ana' }],
    ['integration:northwind', { kind: 'integration', name: 'northwind' }],
  ])('%s', (text, scope) => expect(parseFreezeScope(text)).toEqual(scope));

  test.each([
    '',
    'identity',
    'identity:',
    ':svc',
    'Identity:svc',
    ' identity:svc',
    'everything:',
    'everything:x',
    'Everything',
    'group:a',
    'identity:a b',
    'identity:a\n',
    'identity:ä',
    `identity:${'a'.repeat(513)}`,
  ])('F5 no scope: %j', (text) => expect(parseFreezeScope(text)).toBeNull());

  test('everything that can be frozen can be named', () => {
    for (const kind of FREEZABLE.filter((each) => each !== 'everything'))
      expect(parseFreezeScope(`${kind}:x`)).toEqual({ kind, name: 'x' });
  });
});
