import { readFileSync } from 'node:fs';
import { openEngineHouse, signedInPerson } from '@writ/testkit';
import { expect, test } from 'vitest';

const CLOSED = ['sources.yaml', 'value: open', 'value: closed'] as const;
test('law 7 a flow that drops the approval', async () => {
  const house = await openEngineHouse({ dev: true, edits: [CLOSED] });
  const rui = await signedInPerson(house, 'user:rui');
  const w = await house.engine.request(house.asked());
  if (w.outcome !== 'waiting') throw new Error(JSON.stringify(w));
  await rui.approve(w.run, 'out-of-hours');
  const text = readFileSync('examples/acme/flows/ci-deploy-token.flow.yaml', 'utf8');
  const m = /^approval:\n(?: .*\n)+/m.exec(text)![0];
  await house.adopt(CLOSED, ['flows/ci-deploy-token.flow.yaml', m, 'approval: []\n']);
  const x = await house.engine.request(house.asked({ run: w.run }));
  expect(x.outcome).toBe('issued');
  await house.close();
});
test('law 7 a flow that adds the approval', async () => {
  const house = await openEngineHouse({
    dev: true,
    edits: [
      CLOSED,
      [
        'flows/ci-deploy-token.flow.yaml',
        'activate: { when: issued }',
        'activate: { when: confirmed, by: owner, not: none, within: 1h }',
      ],
      ['flows/ci-deploy-token.flow.yaml', 'facts.change_window != "open"', 'facts.change_window != "closed"'],
    ],
  });
  const rui = await signedInPerson(house, 'user:rui');
  const mei = await signedInPerson(house, 'user:ana');
  const w = await house.engine.request(house.asked());
  if (w.outcome !== 'waiting') throw new Error(JSON.stringify(w));
  console.log(w.obligations);
  await house.adopt(CLOSED, [
    'flows/ci-deploy-token.flow.yaml',
    'activate: { when: issued }',
    'activate: { when: confirmed, by: owner, not: none, within: 1h }',
  ]);
  const x = await house.engine.request(house.asked({ run: w.run }));
  console.log(x);
  await rui.approve(w.run, 'out-of-hours');
  const about = { run: w.run, rule: 'activate', decision: 'confirm' } as const;
  const { nonce, challenge } = await house.engine.runs.challenge(mei.session, about);
  const assertion = mei.passkey.assert(Buffer.from(challenge, 'base64url'));
  await house.engine.runs.decide(mei.session, { ...about, nonce, assertion });
  const y = await house.engine.request(house.asked({ run: w.run }));
  expect(y.outcome).toBe('issued');
  await house.close();
});
