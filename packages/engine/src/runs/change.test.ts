import { type EngineHouse, openEngineHouse, type SignedInPerson, signedInPerson } from '@writ/testkit';
import { acmeFiles, type Edit } from '@writ/testkit/facts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProposedChange, RunAnswer, RunView } from './runs.ts';

const CI = 'flows/ci-deploy-token.flow.yaml';
const NARROWER: Edit = [CI, 'default: 10m', 'default: 5m'];
const SHORTER: Edit = [CI, 'max: 15m', 'max: 12m'];
const WIDER: readonly Edit[] = [
  [CI, 'max: 15m', 'max: 30m'],
  [CI, 'max-lifetime: 15m', 'max-lifetime: 30m'],
];

let house: EngineHouse;
let ana: SignedInPerson;
let mei: SignedInPerson;
let tom: SignedInPerson;

beforeEach(async () => {
  house = await openEngineHouse({ dev: true });
  ana = await signedInPerson(house, 'user:ana');
  mei = await signedInPerson(house, 'user:mei');
  tom = await signedInPerson(house, 'user:tom');
});
afterEach(async () => house.close());

const propose = async (
  edits: readonly Edit[],
  more: Partial<ProposedChange> = {},
  by = ana,
): Promise<RunAnswer> =>
  house.engine.runs.propose(by.session, {
    files: acmeFiles(...edits),
    rollback: null,
    base: null,
    summary: 'a change',
    ...more,
  });

function waiting(answer: RunAnswer): RunView {
  if (answer.outcome === 'refused') throw new Error(JSON.stringify(answer.reasons));
  return answer.run;
}

const hash = async (): Promise<string> => (await house.engine.artefacts()).hash;
const rules = ({ obligations }: RunView): readonly string[] =>
  obligations.map(({ rule, missing }) => `${rule} ${missing}`);

describe('publishing is a governed run', () => {
  test.each([
    ['the same', NARROWER, 'same'],
    ['narrower', SHORTER, 'narrower'],
  ])('S3.12 what is proved to be %s needs one reviewer, who is not its author', async (_, edit, verdict) => {
    const before = await hash();
    const run = waiting(await propose([edit]));
    expect(run.change).toMatchObject({ changes: [{ flow: 'ci-deploy-token', verdict }] });
    expect(rules(run)).toEqual(['one-reviewer 1']);
    expect(await mei.approve(run.run, 'one-reviewer')).toMatchObject({ state: 'issued' });
    expect(await hash()).not.toBe(before);
  });

  test('S3.12 what widens is shown with a request, and needs two', async () => {
    const run = waiting(await propose(WIDER));
    expect(run.change).toMatchObject({
      changes: [{ verdict: 'wider', witness: { request: expect.anything() } }],
    });
    expect(rules(run)).toEqual(['full-quorum 2']);
    expect(await mei.approve(run.run, 'full-quorum')).toMatchObject({ state: 'waiting' });
    expect(await tom.approve(run.run, 'full-quorum')).toMatchObject({ state: 'issued' });
    const { flows } = await house.engine.artefacts();
    expect(flows.get('ci-deploy-token')?.definition.request.ttl.max).toBe(1800);
  });

  test('S3.13 who is in a group is in no proof, so two look at it', async () => {
    const edit: Edit = [
      'groups.yaml',
      'members: [user:rui, user:ana]',
      'members: [user:rui, user:ana, user:tom]',
    ];
    const run = waiting(await propose([edit]));
    expect(run.change).toMatchObject({ changes: [], outside: ['group:release-managers'] });
    expect(rules(run)).toEqual(['full-quorum 2']);
  });

  test('F1 an author approves nothing of their own', async () => {
    const run = waiting(await propose([SHORTER], {}, mei));
    await expect(mei.approve(run.run, 'one-reviewer')).rejects.toMatchObject({ code: 'refused' });
    expect(await tom.approve(run.run, 'one-reviewer')).toMatchObject({ state: 'issued' });
  });

  test('who is no author asks for nothing', async () => {
    expect(await propose([SHORTER], {}, tom)).toMatchObject({
      outcome: 'refused',
      reasons: [{ rule: 'request.by' }],
    });
  });

  test('S3.3 lint errors bar it, whoever would approve', async () => {
    const dead: Edit = [
      CI,
      '      when: evidence.github.event_name == "pull_request_target"',
      '      when: \'evidence.github.event_name == "a" && evidence.github.event_name == "b"\'',
    ];
    const answer = await propose([dead]);
    expect(answer.outcome === 'refused' && answer.reasons[0]?.rule).toMatch(/^lint\.W0/);
  });

  test('what does not load says every mistake, and what would change nothing says so', async () => {
    await expect(propose([[CI, 'version: 7', 'version: seven']])).rejects.toMatchObject({ code: 'invalid' });
    await expect(propose([])).rejects.toMatchObject({ code: 'conflict' });
    await expect(propose([SHORTER], { base: '0'.repeat(64) })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('law 7 of two changes to one set the second is void once the first is published', async () => {
    const one = waiting(await propose([SHORTER]));
    const two = waiting(await propose([NARROWER]));
    expect(await mei.approve(one.run, 'one-reviewer')).toMatchObject({ state: 'issued' });
    expect((await mei.approve(two.run, 'one-reviewer')).state).not.toBe('issued');
  });

  test('S3.6 rollback is one request to an earlier set, and is judged like any change', async () => {
    const before = await hash();
    const run = waiting(await propose([SHORTER]));
    await mei.approve(run.run, 'one-reviewer');
    const back = waiting(await propose([], { files: null, rollback: before }));
    expect(rules(back)).toEqual(['full-quorum 2']);
    await mei.approve(back.run, 'full-quorum');
    expect(await tom.approve(back.run, 'full-quorum')).toMatchObject({ state: 'issued' });
    expect(await hash()).toBe(before);
    await expect(propose([], { files: null, rollback: 'f'.repeat(64) })).rejects.toMatchObject({
      code: 'unknown',
    });
  });

  test('what is published decides the next request, and its leaf names the approvals', async () => {
    const run = waiting(await propose([[CI, 'default: 10m', 'default: 5m']]));
    const view = await mei.approve(run.run, 'one-reviewer');
    const issued = await house.issued();
    expect(issued.expiresIn).toBe(300);
    const { read } = house.house.store;
    const entries = await read.entries(0, (await read.tree()).size);
    const published = entries
      .map(({ record }) => JSON.parse(record ?? '{}'))
      .find(({ mode }) => mode === 'published');
    expect(published).toMatchObject({ by: 'user:ana', run: run.run, approvals: [view.approvals[0]?.index] });
  });
});
