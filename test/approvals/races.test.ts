import type { Commit } from '@writ/core';
import type { Engine } from '@writ/engine';
import { parseRecord } from '@writ/ledger';
import { openPostgres } from '@writ/store/postgres';
import {
  askedIdentity,
  type EngineHouse,
  type EngineHouseOptions,
  openEngineHouse,
  type SignedInPerson,
  signedInPerson,
  startPostgres,
} from '@writ/testkit';
import type { Edit } from '@writ/testkit/facts';
import { afterAll, describe, expect, test } from 'vitest';

/** What is raced for, each time by so many at once. */
const AT_ONCE = 64;
/** Races of each kind: 1,000 in all, and a few on PostgreSQL. */
const RACES = { uses: 600, usesOfReplicas: 360, people: 12, peopleOfReplicas: 12, person: 16, postgres: 3 };
/** Runs that one identity may open in an hour, less a few. */
const AN_HOUR = 90;
const HOUR = 3_600;

const CLOSED: Edit = ['sources.yaml', 'value: open', 'value: closed'];

const REVIEWERS = Array.from({ length: AT_ONCE }, (_, i) => `user:r${i}`);
const MANY_REVIEWERS: readonly Edit[] = [
  [
    'groups.yaml',
    'group:security-reviewers, members: [',
    `group:security-reviewers, members: [${REVIEWERS.join(', ')}, `,
  ],
  [
    'people.yaml',
    '  - { id: user:mei,',
    `${REVIEWERS.map((id) => `  - { id: ${id}, name: ${id.slice(5)}, subjects: ["https://login.acme.example#${id}"] }\n`).join('')}  - { id: user:mei,`,
  ],
];

const postgres = await startPostgres({ announce: false });
afterAll(async () => postgres?.[Symbol.asyncDispose]());

/** A house, and the engines that race: its own, or that of another process as well. */
interface Place {
  readonly house: EngineHouse;
  readonly engines: readonly Engine[];
}

async function open(options: EngineHouseOptions, replicas: boolean): Promise<Place> {
  const house = await openEngineHouse({ dev: true, ...options });
  if (!replicas) return { house, engines: [house.engine] };
  const two = await house.replica('two');
  await two.keys.start();
  return { house, engines: [house.engine, two] };
}

const turn = ({ engines, house }: Place, i: number): Engine => engines[i % engines.length] ?? house.engine;

/** Runs of a release job, each approved. */
async function approvedRuns({ house }: Place, names: readonly string[]): Promise<readonly UsedRun[]> {
  house.clock.advance(HOUR);
  const rui = await signedInPerson(house, 'user:rui');
  return Promise.all(
    names.map(async (name) => {
      const key = { pop: 'dpop' as const, thumbprint: name };
      const proof = { key: `proof of ${name}`, holder: null, until: house.clock.now() + 120_000 };
      const answer = await house.engine.request(house.asked({ holder: { key, proof } }));
      if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
      await rui.approve(answer.run, 'out-of-hours');
      return { run: answer.run, holder: { key, proof } };
    }),
  );
}

interface UsedRun {
  readonly run: string;
  readonly holder: NonNullable<ReturnType<EngineHouse['asked']>['holder']>;
}

/** Goes on with the run by so many requests at once, each with evidence and a proof of its own; how many were issued. */
async function used(place: Place, { run, holder }: UsedRun): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, i) => {
      const proof = { ...holder.proof, key: `${holder.proof.key}, ${i}` };
      return turn(place, i).request(place.house.asked({ run, holder: { ...holder, proof } }));
    }),
  );
  return answers.filter(({ outcome }) => outcome === 'issued').length;
}

/** Of so many races for a token the numbers of issuances that were seen. */
async function usesRaced(place: Place, races: number): Promise<ReadonlySet<number>> {
  const seen = new Set<number>();
  for (let done = 0; done < races; done += AN_HOUR) {
    const names = Array.from({ length: Math.min(AN_HOUR, races - done) }, (_, i) => `key ${done + i}`);
    for (const run of await approvedRuns(place, names)) seen.add(await used(place, run));
  }
  return seen;
}

/** A run for an identity in production, to which its owner has agreed and a reviewer has not. */
async function oneShort({ house }: Place, name: string): Promise<string> {
  const rui = await signedInPerson(house, 'user:rui');
  const mei = await signedInPerson(house, 'user:mei');
  const answer = await house.engine.runs.ask(rui.session, askedIdentity({ name, environment: 'production' }));
  if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
  await mei.approve(answer.run.run, 'owner-accepts');
  return answer.run.run;
}

const RULE = { rule: 'security-review', decision: 'approve' } as const;

/** Each of these signs for themselves, and then all send at once. */
async function approvedAtOnce(
  place: Place,
  run: string,
  reviewers: readonly SignedInPerson[],
): Promise<readonly string[]> {
  const about = { run, ...RULE };
  const signed = await Promise.all(
    reviewers.map(async ({ session, passkey }, i) => {
      const { nonce, challenge } = await turn(place, i).runs.challenge(session, about);
      return { session, given: { ...about, nonce, assertion: passkey.assert(bytesOf(challenge)) } };
    }),
  );
  const sent = await Promise.allSettled(
    signed.map(async ({ session, given }, i) => turn(place, i).runs.decide(session, given)),
  );
  return sent.map((each) => (each.status === 'fulfilled' ? each.value.state : String(each.reason)));
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64url');

/** What the ledger has of a run: how often it registered an identity, and how many approvals of the raced rule. */
async function leavesOf({ house }: Place, run: string): Promise<{ issued: number; approvals: number }> {
  const { read } = house.house.store;
  const { size } = await read.tree();
  const from = Math.max(0, size - 1_000);
  const records = (await read.entries(from, size)).map(({ record }) => parseRecord(record ?? ''));
  return {
    issued: records.filter((each) => each.type === 'identity' && each.run === run).length,
    approvals: records.filter(
      (each) => each.type === 'approval' && each.run === run && each.rule === RULE.rule,
    ).length,
  };
}

async function reviewersOf({ house }: Place): Promise<readonly SignedInPerson[]> {
  return Promise.all(
    REVIEWERS.map(async (id) =>
      signedInPerson(house, id, { issuer: 'https://login.acme.example', subject: id }),
    ),
  );
}

/** Of so many races of so many people for one identity each: what the ledger had in the end, each time. */
async function peopleRaced(place: Place, races: number): Promise<ReadonlySet<number>> {
  const reviewers = await reviewersOf(place);
  const seen = new Set<number>();
  for (let race = 0; race < races; race++) {
    const run = await oneShort(place, `svc-${race}`);
    await approvedAtOnce(place, run, reviewers);
    seen.add((await leavesOf(place, run)).issued);
  }
  return seen;
}

describe('exactly one is issued', () => {
  test.each([
    ['one process', RACES.uses, false],
    ['two processes', RACES.usesOfReplicas, true],
  ])(
    'S2.12 however many use one approval at once, in %s',
    { timeout: 600_000 },
    async (_, races, replicas) => {
      const place = await open({ edits: [CLOSED] }, replicas);
      expect(await usesRaced(place, races)).toEqual(new Set([1]));
      await place.house.close();
    },
  );

  test.each([
    ['one process', RACES.people, false],
    ['two processes', RACES.peopleOfReplicas, true],
  ])(
    'S2.5 however many give the last approval at once, in %s',
    { timeout: 600_000 },
    async (_, races, replicas) => {
      const place = await open({ edits: MANY_REVIEWERS }, replicas);
      expect(await peopleRaced(place, races)).toEqual(new Set([1]));
      await place.house.close();
    },
  );

  test('S2.5 however often one person gives it at once: one approval and one issuance', {
    timeout: 600_000,
  }, async () => {
    const place = await open({}, true);
    const seen = new Set<string>();
    for (let race = 0; race < RACES.person; race++) {
      const run = await oneShort(place, `svc-${race}`);
      const ida = await signedInPerson(place.house, 'user:ida');
      const outcomes = await approvedAtOnce(
        place,
        run,
        Array.from({ length: AT_ONCE }, () => ida),
      );
      const accepted = outcomes.filter((outcome) => outcome === 'issued').length;
      seen.add(JSON.stringify({ accepted, ...(await leavesOf(place, run)) }));
    }
    expect([...seen]).toEqual(['{"accepted":1,"issued":1,"approvals":1}']);
    await place.house.close();
  });

  test.skipIf(postgres === null)(
    'L2 on PostgreSQL, by two processes that share nothing but the database',
    { timeout: 600_000 },
    async () => {
      const connection = (await postgres?.createDatabase()) ?? '';
      const options: EngineHouseOptions = {
        edits: [CLOSED, ...MANY_REVIEWERS],
        open: async (_config, data, log) => openPostgres({ ...log, connection, highWater: data.highWater }),
      };
      const place = await open(options, true);
      expect(await usesRaced(place, RACES.postgres)).toEqual(new Set([1]));
      expect(await peopleRaced(place, RACES.postgres)).toEqual(new Set([1]));
      await place.house[Symbol.asyncDispose]();
    },
  );
});

/** Has the house commit something else than it meant to. */
function sabotage({ house }: Place, change: (commit: Commit) => Commit): void {
  house.intercept(async (commit) => house.house.store.commit(change(commit)));
}

const ofRun = (each: Commit['expect'][number]): boolean =>
  each.kind === 'cell' && each.cell.startsWith('run:');

describe('a build that is found out', () => {
  test('forgets that the run must still wait, when it issues a token', async () => {
    const place = await open({ edits: [CLOSED] }, false);
    sabotage(place, (commit) => ({ ...commit, expect: commit.expect.filter((each) => !ofRun(each)) }));
    const [more] = await usesRaced(place, 1);
    expect(more).toBeGreaterThan(1);
    await place.house[Symbol.asyncDispose]();
  });

  test('forgets that the run and the identity must be as they were, when it registers one', async () => {
    const place = await open({ edits: MANY_REVIEWERS }, false);
    sabotage(place, (commit) => (commit.append?.type === 'identity' ? { ...commit, expect: [] } : commit));
    const [more] = await peopleRaced(place, 1);
    expect(more).toBeGreaterThan(1);
    await place.house[Symbol.asyncDispose]();
  });

  test('forgets that a person decides once', async () => {
    const place = await open({}, false);
    sabotage(place, (commit) => ({ ...commit, consume: [] }));
    const run = await oneShort(place, 'svc-one');
    const ida = await signedInPerson(place.house, 'user:ida');
    await approvedAtOnce(
      place,
      run,
      Array.from({ length: AT_ONCE }, () => ida),
    );
    expect((await leavesOf(place, run)).approvals).toBeGreaterThan(1);
    await place.house[Symbol.asyncDispose]();
  });
});
