import { expect, test } from 'vitest';
import { killUnderLoad } from './killed-server.ts';

test('L1 killed 20 times under load: every acknowledged token is logged, no signature is without its entry, the log is sound', {
  timeout: 300_000,
}, async () => {
  const { acknowledged, signed, logged, report } = await killUnderLoad(20, 'honest');
  expect(acknowledged.length).toBeGreaterThan(100);
  expect(acknowledged.filter((digest) => !logged.has(digest))).toEqual([]);
  expect(signed.length).toBeGreaterThanOrEqual(acknowledged.length);
  expect(signed.filter((digest) => !logged.has(digest))).toEqual([]);
  expect(report.findings).toEqual([]);
});

test('L1 a server sabotaged to answer before it commits is caught by the same checks', {
  timeout: 300_000,
}, async () => {
  let lost = { acknowledged: 0, signed: 0 };
  // A kill that falls between two batches finds nothing to lose: it is killed until one does not.
  for (let tries = 0; tries < 5 && (lost.acknowledged === 0 || lost.signed === 0); tries++) {
    const { acknowledged, signed, logged } = await killUnderLoad(2, 'sabotage');
    const missing = (digests: readonly string[]): number =>
      digests.filter((digest) => !logged.has(digest)).length;
    lost = {
      acknowledged: lost.acknowledged + missing(acknowledged),
      signed: lost.signed + missing(signed),
    };
  }
  expect(lost.acknowledged).toBeGreaterThan(0);
  expect(lost.signed).toBeGreaterThan(0);
});
