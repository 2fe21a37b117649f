import { askedIdentity, type EngineHouse, openEngineHouse, signedInPerson } from '@writ/testkit';
import type { Edit } from '@writ/testkit/facts';
import { afterEach, expect, test } from 'vitest';
import type { RunView } from './runs.ts';

const DAY = 86_400;
const TWO: Edit = [
  'flows/identity-issue.flow.yaml',
  'require: { from: group:security-reviewers, factor: webauthn, count: 1, not: [requester, owner] }',
  'require: { from: group:security-reviewers, factor: webauthn, count: 2, not: [requester, owner] }',
];
let house: EngineHouse;
afterEach(async () => house.close());

async function asked(environment: string, by = 'user:ana'): Promise<RunView> {
  const { session } = await signedInPerson(house, by);
  const change = { environment, owner: 'group:platform-security', deputy: 'user:mei' };
  const answer = await house.engine.runs.ask(session, askedIdentity(change));
  if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
  return answer.run;
}

const missing = ({ obligations }: RunView): readonly string[] =>
  obligations.map(({ rule, missing: left }) => `${rule} ${left}`);

test('S2.5 what is left to agree to is told after each approval', async () => {
  house = await openEngineHouse({ dev: true, edits: [TWO] });
  const run = await asked('production');
  expect(missing(run)).toEqual(['owner-accepts 1', 'security-review 2']);
  const tom = await signedInPerson(house, 'user:tom');
  expect(missing(await tom.approve(run.run, 'security-review'))).toEqual([
    'owner-accepts 1',
    'security-review 1',
  ]);
  const ida = await signedInPerson(house, 'user:ida');
  expect(missing(await ida.approve(run.run, 'security-review'))).toEqual([
    'owner-accepts 1',
    'security-review 0',
  ]);
});

test('S2.2 how an identity was registered can be seen also once it is told that it ends', async () => {
  house = await openEngineHouse({ dev: true });
  const { run } = await asked('staging');
  const mei = await signedInPerson(house, 'user:mei');
  await mei.approve(run, 'owner-accepts');
  house.clock.advance(61 * DAY);
  await house.engine.reconciler.tick();
  const later = await signedInPerson(house, 'user:mei');
  expect(await house.engine.runs.find(later.session, run)).toMatchObject({
    state: 'issued',
    obligations: [{ rule: 'owner-accepts', missing: 0 }],
  });
});
