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
  timeout: 120_000,
}, async () => {
  const { acknowledged, signed, logged } = await killUnderLoad(2, 'sabotage');
  expect(acknowledged.filter((digest) => !logged.has(digest)).length).toBeGreaterThan(0);
  expect(signed.filter((digest) => !logged.has(digest)).length).toBeGreaterThan(0);
});
