import { askedIdentity, type EngineHouse, openEngineHouse, signedInPerson } from '@writ/testkit';
import type { Edit } from '@writ/testkit/facts';
import { afterEach, expect, test } from 'vitest';

/** Rui has a subject at the login and one at the code host. */
const AT_THE_CODE_HOST = { issuer: 'https://token.actions.githubusercontent.com', subject: '34' };
const RUI_REVIEWS: Edit = [
  'groups.yaml',
  'group:security-reviewers, members: [',
  'group:security-reviewers, members: [user:rui, ',
];
const TWO: Edit = [
  'flows/identity-issue.flow.yaml',
  'require: { from: group:security-reviewers, factor: webauthn, count: 1,',
  'require: { from: group:security-reviewers, factor: webauthn, count: 2,',
];

let house: EngineHouse;
afterEach(async () => house.close());

async function ask(by: string): Promise<string> {
  const { session } = await signedInPerson(house, by);
  const change = { environment: 'production', deputy: 'user:mei' };
  const answer = await house.engine.runs.ask(session, askedIdentity(change));
  if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
  return answer.run.run;
}

test('F1 whoever asks under one subject does not approve under another', async () => {
  house = await openEngineHouse({ dev: true, edits: [RUI_REVIEWS] });
  const run = await ask('user:rui');
  const other = await signedInPerson(house, 'user:rui', AT_THE_CODE_HOST);
  expect(other.session.person).toBe('user:rui');
  await expect(other.approve(run, 'security-review')).rejects.toMatchObject({ code: 'refused' });
});

test('S2.5 one person under two subjects, with a passkey of each, is one of the two who are asked', async () => {
  house = await openEngineHouse({ dev: true, edits: [RUI_REVIEWS, TWO] });
  const run = await ask('user:ana');
  const rui = await signedInPerson(house, 'user:rui');
  const other = await signedInPerson(house, 'user:rui', AT_THE_CODE_HOST);
  await rui.approve(run, 'security-review');
  await expect(other.approve(run, 'security-review')).rejects.toMatchObject({ code: 'conflict' });
  expect(await house.engine.runs.find(rui.session, run)).toMatchObject({
    state: 'waiting',
    obligations: [{ rule: 'owner-accepts' }, { rule: 'security-review', missing: 1 }],
  });
});
