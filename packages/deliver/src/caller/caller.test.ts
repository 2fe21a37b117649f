import { inspect } from 'node:util';
import { Secret } from '@writ/core';
import { expect, test } from 'vitest';
import { caller } from './caller.ts';

test('S0.7 the caller is answered with exactly what was made, still as a secret', async () => {
  const delivery = { credential: new Secret('eyJ.canary.token'), receipt: 'c2sp.org/tlog-proof@v1' };
  const answered = await caller.deliver(delivery);
  expect(answered).toBe(delivery);
  expect(inspect(answered) + JSON.stringify(answered)).not.toContain('canary');
});

test('it promises nothing that an answer on a channel cannot keep', () => {
  expect(caller.name).toBe('caller');
  expect(caller.abilities).toEqual({ revoke: false, overlap: true, verify: false, expire: true });
});
