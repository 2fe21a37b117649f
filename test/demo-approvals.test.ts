import { expect, test } from 'vitest';
import { APPROVALS_STORY } from '../demo/approvals/approvals.ts';
import type { Edit } from '../demo/approvals/installation.ts';
import { openApprovalScene } from '../demo/approvals/scene.ts';
import { APPROVAL_STEPS } from '../demo/approvals/steps.ts';
import { createCanary } from '../demo/canary.ts';
import { play } from '../demo/play.ts';
import { createReport } from '../demo/report.ts';
import { JWS, runDemo, stepsOf } from './run-demo.ts';

/** Milliseconds: four starts of the server, and two seconds of real time that an approval takes to expire. */
const LIMIT = 90_000;

test('S0.8 S1.9 S2.8 S2.9 S3.8 what must be approved is approved over exactly what is issued, or not at all', {
  timeout: LIMIT,
}, async () => {
  const ended = await runDemo('approvals', '--json');
  const { code, stdout, stderr, left } = ended;
  const steps = stepsOf(ended);
  expect(steps.map(({ step, outcome }) => [step, outcome].join(': '))).toEqual([
    'start: serving',
    'enrol: enrolled',
    'no-owner: refused',
    'asked: waiting',
    'agreed: registered',
    'service-token: issued',
    'agent: registered',
    'agent-token: issued',
    'step-up: issued',
    'risk: refused',
    'no-score: refused',
    'partner-write: refused',
    'partner: registered',
    'partner-token: issued',
    'self-approval: refused',
    'one-short: waiting',
    'other-content: waiting',
    'guardrail: refused',
    'denied: denied',
    'expired: expired',
    'offline: verified',
    'swapped-key: found',
    'canary: silent',
  ]);
  expect(steps.filter(({ detail }) => typeof detail !== 'string' || detail === '')).toEqual([]);
  expect(stdout + stderr).not.toMatch(JWS);
  expect({ code, stderr, left }).toEqual({ code: 0, stderr: '', left: [] });
});

/** Plays some of the steps on a copy of the example with `edits`; how each came out. */
async function playOn(edits: readonly Edit[], names: readonly string[]): Promise<Record<string, unknown>> {
  const canary = createCanary();
  const report = createReport({ telling: APPROVALS_STORY, json: true, canary, write: () => undefined });
  await using scene = await openApprovalScene(canary, edits);
  const steps = APPROVAL_STEPS.filter(({ name }) => names.includes(name));
  const results = await play(steps, scene, report, new AbortController().signal);
  return Object.fromEntries(
    results.map((result) => [result.step.name, result.good ? 'good' : result.problem]),
  );
}

const ISSUE = 'flows/identity-issue.flow.yaml';
const AGENT = 'flows/agent-tool-identity.flow.yaml';

test('a flow that lets people approve what they asked for, or a risk pass, makes the demo fail, and it goes on', {
  timeout: LIMIT,
}, async () => {
  const edits: readonly Edit[] = [
    [ISSUE, 'from: owner, factor: webauthn, count: 1, not: [requester]', 'from: owner, count: 1, not: none'],
    [ISSUE, '!["invoice:read"].containsAll(request.scopes)', 'request.scopes.contains("crm:read")'],
    [AGENT, 'when: facts.risk.score >= 30 ||', 'when: facts.risk.score >= 60 ||'],
  ];
  const came = await playOn(edits, [
    'start',
    'enrol',
    'agent',
    'agent-token',
    'step-up',
    'partner-write',
    'self-approval',
  ]);
  expect(came).toMatchObject({
    start: 'good',
    enrol: 'good',
    agent: 'good',
    'agent-token': 'good',
    'step-up': { expected: 'refused', got: 'issued' },
    'partner-write': { expected: 'refused, 403' },
    'self-approval': { what: 'the refusal' },
  });
});
