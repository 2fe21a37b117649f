import type { Commit } from '@writ/core';
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

test('whoever asks again while nothing has changed writes nothing', async () => {
  const written: Commit[] = [];
  house = await openEngineHouse({
    dev: true,
    edits: [['sources.yaml', 'value: open', 'value: closed']],
    adapt: (ports) => ({
      ...ports,
      store: {
        ...ports.store,
        commit: async (commit) => {
          written.push(commit);
          return ports.store.commit(commit);
        },
      },
    }),
  });
  const first = await house.engine.request(house.asked());
  if (first.outcome !== 'waiting') throw new Error(JSON.stringify(first));
  const before = written.length;
  expect(await house.engine.request(house.asked({ run: first.run }))).toMatchObject({ outcome: 'waiting' });
  expect(await house.engine.request(house.asked())).toMatchObject({ outcome: 'waiting', run: first.run });
  expect(written.slice(before)).toEqual([]);
});
