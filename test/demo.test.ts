import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACME, createDpopKey } from '@writ/testkit';
import { expect, test } from 'vitest';
import { createCanary } from '../demo/canary.ts';
import { DEPLOYING_STORY } from '../demo/deploying.ts';
import { play } from '../demo/play.ts';
import { createReport } from '../demo/report.ts';
import { openScene } from '../demo/scene.ts';
import type { Step } from '../demo/step.ts';
import { STEPS } from '../demo/steps.ts';
import { JWS, runDemo, stepsOf } from './run-demo.ts';

/** Plays steps in this process; answers what was printed, line by line. */
async function playHere(steps: readonly Step[], files: Readonly<Record<string, string>> = {}) {
  const canary = createCanary();
  const printed: string[] = [];
  const report = createReport({
    telling: DEPLOYING_STORY,
    json: true,
    canary,
    write: (line) => printed.push(line),
  });
  await using scene = await openScene(canary, files);
  const results = await play(steps, scene, report, new AbortController().signal);
  return { results, withheld: report.withheld, printed };
}

test('S0.1 S0.7 S1.7 S4.3 the main job from end to end, and everybody else is refused', async () => {
  const ended = await runDemo('--json');
  const { code, stdout, stderr, left } = ended;
  const steps = stepsOf(ended);
  expect(steps.map(({ step, outcome }) => [step, outcome].join(': '))).toEqual([
    'start: serving',
    'discover: discovered',
    'exchange: issued',
    'deploy: deployed',
    'explain: explained',
    'verify: verified',
    'replay: refused',
    'fork: refused',
    'stranger: refused',
    'other-key: refused',
    'other-audience: refused',
    'freeze: refused',
    'tamper: found',
    'canary: silent',
  ]);
  expect(steps.filter(({ detail }) => typeof detail !== 'string' || detail === '')).toEqual([]);
  expect(stdout + stderr).not.toMatch(JWS);
  expect({ code, stderr, left }).toEqual({ code: 0, stderr: '', left: [] });
});

test('the demo tells people a line for each step and ends with a table, without colours in a file', async () => {
  const { code, stdout } = await runDemo();
  const lines = stdout.split('\n');
  for (const { name, must } of STEPS) {
    expect(lines.filter((line) => line.startsWith(`✓ ${name} `))).toHaveLength(2);
    expect(stdout).toContain(must);
  }
  expect(stdout).toMatch(/14 of 14 steps came out as they must, in \d/);
  expect(stdout).not.toContain('\u001b');
  expect(stdout).not.toMatch(JWS);
  expect(code).toBe(0);
});

test('the demo has help, and refuses an option or a story it does not know', async () => {
  expect(await runDemo('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--json') });
  const wrong = await runDemo('--jsno');
  expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--jsno') });
  const other = await runDemo('aprovals');
  expect(other).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('`aprovals`') });
});

test('a flow that believes a stranger makes the demo fail, and it goes on', async () => {
  const path = 'flows/ci-deploy-token.flow.yaml';
  const sabotaged = readFileSync(join(ACME, path), 'utf8')
    .replace('repository_id: "551237781"', 'repository_id: "777000777"')
    .replace('repository: acme/payments', 'repository: mallory/payments');
  const { results } = await playHere(
    STEPS.filter(({ name }) => ['start', 'discover', 'exchange', 'deploy', 'stranger'].includes(name)),
    { [path]: sabotaged },
  );
  const came = results.map((result) => [result.step.name, result.good ? 'good' : result.problem]);
  expect(came).toMatchObject([
    ['start', 'good'],
    ['discover', 'good'],
    ['exchange', { expected: 'issued' }],
    ['deploy', { what: 'cannot be shown', expected: 'step exchange went well' }],
    ['stranger', { expected: 'refused', got: 'issued' }],
  ]);
});

test('a line that holds a secret is withheld, and the canary step names the secret without showing it', async () => {
  const secret = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.${'s'.repeat(86)}`;
  const leaking: Step = {
    name: 'leaking',
    must: 'be caught',
    run: ({ canary }) => {
      canary.learn('an access token', secret);
      return Promise.resolve({ outcome: 'issued', detail: `here: ${secret}`, decidedBy: '' });
    },
  };
  const [start, ...others] = STEPS;
  const { printed, results, withheld } = await playHere([start!, leaking, others.at(-1)!]);
  expect(withheld).toBe(true);
  expect(printed.join('\n')).not.toContain(secret);
  expect(printed[1]).toContain('an access token');
  expect(results[2]).toMatchObject({
    good: false,
    problem: { what: 'leaks', got: expect.stringContaining('an access token') },
  });
});

test('the canary finds a token, its signature alone and a key in every form, also when it learns them later', () => {
  const { privateKey } = createDpopKey();
  const token = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.${'cGF5bG9hZA'.repeat(4)}.${'c2ln'.repeat(20)}`;
  const { d = '' } = privateKey.export({ format: 'jwk' });
  const raw = Buffer.from(d, 'base64url');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const leaks = {
    token: `log: ${token}.`,
    signature: 'c2ln'.repeat(20),
    payload: 'cGF5bG9hZA'.repeat(4),
    'token in base64': Buffer.from(token).toString('base64'),
    'key as JWK': JSON.stringify({ d }),
    'key in hex': raw.toString('hex'),
    'key as bytes': Buffer.concat([Buffer.from('SQLite'), raw]),
    'key as PEM': pem,
    'key as PEM in one line': pem.replaceAll('\n', ' '),
  };
  const canary = createCanary();
  for (const [where, output] of Object.entries(leaks)) canary.hear(where, output);
  canary.hear('nothing', 'a line of a log, eyJhbGciOiJFUzI1NiJ9, ES256');
  expect(canary.leaks()).toEqual([]);
  canary.learn('token', token);
  canary.learnKey('key', privateKey);
  expect(canary.leaks().map(({ where }) => where)).toEqual(Object.keys(leaks));
});
