import { askedIdentity, type EngineHouse, openEngineHouse, signedInPerson } from '@writ/testkit';
import type { Edit } from '@writ/testkit/facts';
import { expect, test } from 'vitest';

/** The reviewers are whoever the identity provider says, for an hour after they signed in. */
const CLAIMED: readonly Edit[] = [
  [
    'groups.yaml',
    '{ id: group:security-reviewers, members: [user:mei, user:tom, user:ida] }',
    '{ id: group:security-reviewers, claim: { anchor: oidc/workforce, name: acr, value: phishing-resistant, max-age: 1h } }',
  ],
];

async function waitingRun(house: EngineHouse): Promise<string> {
  const rui = await signedInPerson(house, 'user:rui');
  const answer = await house.engine.runs.ask(rui.session, askedIdentity({ environment: 'production' }));
  if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
  return answer.run.run;
}

test('a group that is a claim of the identity provider has whoever signed in with it, for as long as it says', async () => {
  const house = await openEngineHouse({ dev: true, edits: CLAIMED });
  const run = await waitingRun(house);
  const tom = await signedInPerson(house, 'user:tom');
  expect((await house.engine.runs.inbox(tom.session)).map(({ rule }) => rule)).toEqual(['security-review']);
  expect(await tom.approve(run, 'security-review')).toMatchObject({ state: 'waiting' });
  const mei = await signedInPerson(house, 'user:mei');
  expect(await mei.approve(run, 'owner-accepts')).toMatchObject({ state: 'issued' });
  await house.close();
});

test('what the claim gave is gone with its age, also for an approval that was given with it', async () => {
  const house = await openEngineHouse({ dev: true, edits: CLAIMED });
  const run = await waitingRun(house);
  const tom = await signedInPerson(house, 'user:tom');
  await tom.approve(run, 'security-review');
  house.clock.advance(3601);
  const mei = await signedInPerson(house, 'user:mei');
  expect(await mei.approve(run, 'owner-accepts')).toMatchObject({ state: 'waiting' });
  await house.close();
});
