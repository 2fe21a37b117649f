import { join } from 'node:path';
import {
  createTamperer,
  type EngineHouse,
  openEngineHouse,
  type SignedInPerson,
  signedInPerson,
  type Tamperer,
} from '@writ/testkit';
import type { Edit } from '@writ/testkit/facts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const CLOSED: Edit = ['sources.yaml', 'value: open', 'value: closed'];

let house: EngineHouse;
let tamperer: Tamperer;
let mei: SignedInPerson;

beforeEach(async () => {
  house = await openEngineHouse({ dev: true, edits: [CLOSED] });
  tamperer = createTamperer(join(house.data, 'writ.db'), 'signs');
  mei = await signedInPerson(house, 'user:mei');
});
afterEach(async () => {
  tamperer[Symbol.dispose]();
  await house.close();
});

/** Changes the text of the one obligation of a run, behind everybody's back. */
function reword(run: string, rule: string, change: (body: string) => string): void {
  const place = { table: 'obligations', keyColumn: 'id', key: `${run}/${rule}`, column: 'body' };
  const before = String(tamperer.valueOf(place));
  const after = change(before);
  expect(after).not.toBe(before);
  tamperer.set(place, after);
}

async function waitingAgent(): Promise<string> {
  const answer = await house.engine.request(house.askedByAgent());
  if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
  return answer.run;
}

describe('nobody is asked to sign anything but what a run was opened for', () => {
  test.each<[string, (body: string) => string]>([
    ['more data', (body) => body.replace('"data_sets":["crm-public"]', '"data_sets":["crm-eu"]')],
    ['more scopes', (body) => body.replace('"scopes":["crm:read"]', '"scopes":["crm:read","crm:write"]')],
    ['a longer life', (body) => body.replace(/"ttl":\d+/, '"ttl":1800')],
    ['another audience', (body) => body.replace('/mcp/crm"', '/mcp/shell"')],
    ['another agent', (body) => body.replace('/agent/crm"', '/agent/other"')],
    ['another revision', (body) => body.replace('"revision":1', '"revision":2')],
    [
      'another text of the flow',
      (body) => body.replace(/"flow":"[0-9a-f]{64}"/, `"flow":"${'a'.repeat(64)}"`),
    ],
    ['another digest', (body) => body.replace(/"digest":"[0-9a-f]{64}"/, `"digest":"${'a'.repeat(64)}"`)],
    ['the plan alone', (body) => body.replace(/"envelope":\{.*\},"excluded"/, '"envelope":null,"excluded"')],
  ])('F2 of a standing approval: %s', async (_, change) => {
    const run = await waitingAgent();
    reword(run, 'first-issue-review', change);
    await expect(mei.approve(run, 'first-issue-review')).rejects.toMatchObject({
      code: 'verification-failed',
      message: 'what would be signed is not what this run was opened for; run `writ audit`',
    });
  });

  test('F2 of the plan of one run: another digest, or an envelope where none may stand', async () => {
    const rui = await signedInPerson(house, 'user:rui');
    const answer = await house.engine.request(house.asked());
    if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
    const { run } = answer;
    const digest = /"digest":"([0-9a-f]{64})"/;
    reword(run, 'out-of-hours', (body) => body.replace(digest, `"digest":"${'a'.repeat(64)}"`));
    await expect(rui.approve(run, 'out-of-hours')).rejects.toMatchObject({ code: 'verification-failed' });
    // To refuse it nothing is signed.
    const denied = { run, rule: 'out-of-hours', reason: 'it looks odd' };
    expect(await house.engine.runs.deny(rui.session, denied)).toMatchObject({ state: 'denied' });
  });

  test('S2.12 as it is it can be signed, also where what is in force allows a shorter life by now', async () => {
    const run = await waitingAgent();
    await house.adopt(CLOSED, ['flows/agent-tool-identity.flow.yaml', 'default: 10m', 'default: 5m']);
    expect(await mei.approve(run, 'first-issue-review')).toMatchObject({ state: 'waiting' });
  });
});
