import { type EngineHouse, openEngineHouse, type SignedInPerson, signedInPerson } from '@writ/testkit';
import type { Edit } from '@writ/testkit/facts';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answer, Asked } from '../asked.ts';

let house: EngineHouse;
let mei: SignedInPerson;

beforeEach(async () => {
  house = await openEngineHouse({ dev: true });
  mei = await signedInPerson(house, 'user:mei');
});
afterEach(async () => house.close());

const risk = (score: number): Edit => ['sources.yaml', 'value: { score: 10 }', `value: { score: ${score} }`];

const ask = async (changes: Partial<Asked> = {}): Promise<Answer> =>
  house.engine.request(house.askedByAgent(changes));

function waitingFor(answer: Answer): { run: string; rules: readonly string[] } {
  if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
  return { run: answer.run, rules: answer.obligations.map(({ rule }) => rule) };
}

describe('an agent that asks for a token (S2.8)', () => {
  test('its first issue is reviewed, and the review stands for what is no more than it covered', async () => {
    const { run, rules } = waitingFor(await ask());
    expect(rules).toEqual(['first-issue-review']);
    expect(await mei.approve(run, 'first-issue-review')).toMatchObject({ state: 'waiting' });
    const issued = await ask({ run });
    expect(issued).toMatchObject({ outcome: 'issued', run });
    // Another run, another key of the same agent: the review stands.
    expect(await ask()).toMatchObject({ outcome: 'issued' });
    expect(await ask({ ttl: 60 })).toMatchObject({ outcome: 'issued' });
    // Beyond what was reviewed somebody looks again.
    expect(waitingFor(await ask({ ttl: 1200 })).rules).toEqual(['first-issue-review']);
    expect(
      waitingFor(await ask({ fields: { task: 'another task', data_sets: ['crm-public'] } })).rules,
    ).toEqual(['first-issue-review']);
  });

  test('S2.8 its limits are in the token, and the record names the review', async () => {
    const { run } = waitingFor(await ask());
    await mei.approve(run, 'first-issue-review');
    const issued = await ask({ run });
    if (issued.outcome !== 'issued') throw new Error(JSON.stringify(issued));
    expect(decodeJwt(issued.token.reveal())).toMatchObject({
      authorization_details: [{ type: 'writ_issuance', data_sets: ['crm-public'] }],
      act: { sub: 'spiffe://acme.example/agent/crm' },
    });
    const view = await house.engine.runs.find(mei.session, run);
    expect(view).toMatchObject({
      state: 'issued',
      approvals: [{ rule: 'first-issue-review', person: 'user:mei' }],
    });
    const found = await house.engine.explain(run);
    expect(found).toMatchObject({ kind: 'issuance', record: { approvals: [view?.approvals[0]?.index] } });
  });

  test('a new revision of the agent is reviewed anew', async () => {
    const { run } = waitingFor(await ask());
    await mei.approve(run, 'first-issue-review');
    expect(await ask()).toMatchObject({ outcome: 'issued' });
    await house.adopt([
      'identities.yaml',
      'purpose: answers support questions',
      'purpose: answers any questions',
    ]);
    expect(waitingFor(await ask()).rules).toEqual(['first-issue-review']);
  });

  test('S3.8 at a raised risk the very person it acts for steps up, and nobody else', async () => {
    const { run: first } = waitingFor(await ask());
    await mei.approve(first, 'first-issue-review');
    await house.adopt(risk(45));
    const { run, rules } = waitingFor(await ask());
    expect(rules).toContain('step-up-risk');
    await expect(mei.approve(run, 'step-up-risk')).rejects.toMatchObject({ code: 'refused' });
    const ana = await signedInPerson(house, 'user:ana');
    await ana.approve(run, 'step-up-risk');
    const again = await ask({ run });
    expect(again.outcome === 'waiting' ? again.obligations.map(({ rule }) => rule) : again.outcome).toBe(
      'issued',
    );
  });

  test('law 7 what a newer flow demands as well becomes an obligation of the run', async () => {
    const { run } = waitingFor(await ask());
    await mei.approve(run, 'first-issue-review');
    await house.adopt(risk(45));
    expect(waitingFor(await ask({ run })).rules).toEqual(['step-up-risk']);
    const ana = await signedInPerson(house, 'user:ana');
    expect((await house.engine.runs.inbox(ana.session)).map(({ rule }) => rule)).toEqual(['step-up-risk']);
    await ana.approve(run, 'step-up-risk');
    expect(await ask({ run })).toMatchObject({ outcome: 'issued' });
  });
});
