import { type EngineHouse, openEngineHouse, type SignedInPerson, signedInPerson } from '@writ/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answer, Asked } from '../asked.ts';

let house: EngineHouse;
let mei: SignedInPerson;

beforeEach(async () => {
  house = await openEngineHouse({ dev: true });
  mei = await signedInPerson(house, 'user:mei');
});
afterEach(async () => house.close());

const ask = async (changes: Partial<Asked> = {}): Promise<Answer> =>
  house.engine.request(house.askedByAgent(changes));

/** Has the agent ask for these data sets, and Mei review what waits for it; the ledger index of the review. */
async function reviewed(data_sets: readonly string[], by = mei): Promise<number> {
  const fields = { task: 'answer ticket 4711', data_sets };
  const answer = await ask({ fields });
  if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
  const { approvals } = await by.approve(answer.run, 'first-issue-review');
  return approvals.at(-1)?.index ?? -1;
}

async function namedBy(changes: Partial<Asked> = {}): Promise<unknown> {
  const answer = await ask(changes);
  if (answer.outcome !== 'issued') throw new Error(JSON.stringify(answer));
  const found = await house.engine.explain(answer.run);
  return found?.kind === 'issuance' ? found.record : null;
}

describe('the approvals that a record names', () => {
  test('S2.12 of two that stand and both cover it by one person: the last, once', async () => {
    await reviewed(['crm-public']);
    const wider = await reviewed(['crm-public', 'crm-eu']);
    expect(await namedBy()).toMatchObject({ approvals: [wider] });
  });

  test('S2.12 one that does not cover it is not named, though it was given later', async () => {
    const narrow = await reviewed(['crm-public']);
    await reviewed(['crm-eu']);
    expect(await namedBy()).toMatchObject({ approvals: [narrow] });
  });

  test('of two persons each is named', async () => {
    const ida = await signedInPerson(house, 'user:ida');
    const fields = { task: 'answer ticket 4711', data_sets: ['crm-public', 'crm-eu'] };
    const first = await reviewed(['crm-public']);
    const second = await reviewed(fields.data_sets, ida);
    expect(await namedBy()).toMatchObject({ approvals: [first, second] });
    expect(await namedBy({ fields })).toMatchObject({ approvals: [second] });
  });
});
