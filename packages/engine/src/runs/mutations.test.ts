import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Commit, type CommitResult, timerCell, WritError } from '@writ/core';
import { openSqliteReader } from '@writ/store/sqlite';
import {
  askedIdentity,
  createDice,
  createFakeClock,
  createTamperer,
  type EngineHouse,
  openEngineHouse,
  type SignedInPerson,
  type StoredPlace,
  signedInPerson,
  type Tamperer,
  type Tampering,
} from '@writ/testkit';
import { acmeFiles, type Edit, sha256 } from '@writ/testkit/facts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../asked.ts';
import { createInForce } from '../in-force.ts';
import { createIssueCredential } from '../issue-credential.ts';
import { createIssuerKeys } from '../issuer-keys.ts';
import { createOutstanding } from '../outstanding.ts';
import type { Ports } from '../ports.ts';
import { createRefusals } from '../refusal.ts';
import { request, type Walk } from '../request.ts';
import { createDecisions } from './approvals.ts';
import { createChanges } from './change.ts';
import { progress, type RunParts } from './progress.ts';
import type { RunAnswer } from './runs.ts';
import { createWaitingRuns } from './waiting-runs.ts';

type Parts = Walk & RunParts;

/**
 * Between approval and generation one stored thing is changed, by SQL, behind the back of an engine that has remembered
 * nothing: reads are of the file, and what is compared under the lock is compared with the file. A commit that issues is
 * judged and then not made, so that each trial begins where the one before began.
 */

const CLOSED: Edit = ['sources.yaml', 'value: open', 'value: closed'];
/** Trials of each of five ways to be issued: 10,000 in all. */
const TRIALS = 2_000;
/** Of a change to the flows, which is proved anew each time. */
const PROVED = 12;
/** Of each run that has ended. */
const ENDED = 150;

/** What may be changed without a difference, and why. */
const SAYS_NOTHING: readonly (readonly [place: RegExp, why: string])[] = [
  [/^runs\.entry$/, 'no entry is made when a run opens, and none is read'],
  [/^approvals\.at$/, 'the time that counts is that of the leaf'],
  [/^obligations[. ]/, 'they say whom to ask; what is demanded is decided anew'],
  [
    /^(?:authenticators[. ]|cells authenticator$)/,
    'what was signed is held to the leaf of the passkey; that it was active, to its cell when it signed',
  ],
  [/^artefact_sets\.(?:entry|mode)$/, 'what a set is, its hash says; how it was published, its cell'],
  [/^cells (?:asked|timer)$/, 'they find a run that is asked for again, and work that is due'],
];

/**
 * BUG(runs): how what is in force was published is believed of its cell alone, and a text that is not known counts as reviewed;
 * and a request that names no run is decided by the row of its identity before anybody's approval is looked for, so a
 * row that says of itself that it was reviewed asks for no review. `request.ts` would have to hold every such row to its leaf.
 */
const BELIEVED = [/^cells artefacts-mode$/, /^identities\.body revisionReviewed$/];

interface Way {
  /** goes on towards issuance */
  go(walk: Parts): Promise<unknown>;
  readonly places: readonly StoredPlace[];
  readonly rows: readonly (readonly [table: string, keyColumn: string, key: string | number])[];
  readonly cells: readonly string[];
}

let scratch: string;
let house: EngineHouse;
let tamperer: Tamperer;
let ports: Ports;
let walkParts: Omit<Walk, 'runs' | 'decisions' | 'refusals'>;
/** once set, nothing is written any more */
let dry = false;
/** commits that would have issued */
let issuing: Commit[] = [];
let rui: SignedInPerson;
let mei: SignedInPerson;
let ida: SignedInPerson;

const LOST: CommitResult = { outcome: 'lost', loss: { kind: 'rate', counter: 'held', limit: 0 } };
const ISSUING: readonly string[] = ['issue', 'identity', 'artefacts'];
const issues = ({ append }: Commit): boolean => append !== null && ISSUING.includes(append.type);

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'writ-mutations-'));
  const data = join(scratch, 'data');
  const database = join(data, 'writ.db');
  house = await openEngineHouse({
    dev: true,
    data,
    edits: [CLOSED],
    adapt: (given) => {
      const { reader } = openSqliteReader(database, sha256);
      ports = {
        ...given,
        store: {
          ...given.store,
          read: reader,
          commit: async (commit) => (dry ? judged(commit) : given.store.commit(commit)),
        },
      };
      return ports;
    },
  });
  tamperer = createTamperer(database, 'mutations');
  const inForce = createInForce(ports);
  const outstanding = createOutstanding();
  const keys = createIssuerKeys(ports, inForce, outstanding);
  await keys.start();
  walkParts = { ports, inForce, issueCredential: createIssueCredential(ports, inForce, keys, outstanding) };
  rui = await signedInPerson(house, 'user:rui');
  mei = await signedInPerson(house, 'user:mei');
  ida = await signedInPerson(house, 'user:ida');
});
afterAll(async () => {
  tamperer[Symbol.dispose]();
  await house[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true });
});

/** What the committer would say, of the file as it is. Nothing is written. */
function judged(commit: Commit): CommitResult {
  for (const expected of commit.expect) {
    if (expected.kind !== 'cell') continue;
    const { cell, is } = expected;
    const found = tamperer.cell(cell);
    if (found !== is) return { outcome: 'lost', loss: { kind: 'cell', cell, expected: is, found } };
  }
  const spent = commit.consume.find(({ key }) => tamperer.isSpent(key));
  if (spent !== undefined) return { outcome: 'lost', loss: { kind: 'consumed', key: spent.key } };
  if (!issues(commit)) return { outcome: 'committed', inclusion: null, timeMs: house.clock.now() };
  issuing.push(commit);
  throw new WritError('unavailable', 'it would be issued');
}

/** An engine that has just been started. */
function fresh(): Parts {
  walkParts.inForce.refresh();
  return {
    ...walkParts,
    runs: createWaitingRuns(ports),
    decisions: createDecisions(ports),
    refusals: createRefusals(ports),
    changes: createChanges(ports),
    published: async () => undefined,
  };
}

async function wouldIssue(way: Way): Promise<boolean> {
  issuing = [];
  dry = true;
  try {
    await way.go(fresh());
  } catch {
    // Whatever cannot be read, verified or committed is not issued.
  } finally {
    dry = false;
  }
  return issuing.length > 0;
}

function waiting(answer: Answer | RunAnswer): string {
  if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
  return typeof answer.run === 'string' ? answer.run : answer.run.run;
}

/** Everything that the issuance of this run rests on, or what was approved in it and stands. */
async function restsOn(about: {
  readonly run: string;
  readonly identity: string;
  readonly approvers: readonly SignedInPerson[];
  readonly cells?: readonly string[];
  /** the run itself is over, and says nothing about what goes on */
  readonly standing?: boolean;
}): Promise<Pick<Way, 'places' | 'rows' | 'cells'>> {
  const { run, identity, approvers, standing = false } = about;
  const { read } = ports.store;
  const approvals = await read.rows('approvals', { column: 'run', equals: run, limit: 100 });
  const obligations = await read.rows('obligations', { column: 'run', equals: run, limit: 100 });
  const identityRow = await read.row('identities', identity);
  const passkeys = await Promise.all(
    approvers.map(({ authenticator }) => read.row('authenticators', authenticator.id)),
  );
  const entries = [...approvals, ...passkeys, identityRow].flatMap((row) => row?.entry ?? []);
  const ofRun: Way['rows'] = [
    ['runs', 'id', run],
    ...obligations.map(({ id }) => ['obligations', 'id', id] as const),
  ];
  const rows: Way['rows'] = [
    ...(standing ? [] : ofRun),
    ...approvals.map(({ id }) => ['approvals', 'id', id] as const),
    ...(identityRow === null ? [] : [['identities', 'name', identity] as const]),
    ...passkeys.flatMap((row) => (row === null ? [] : [['authenticators', 'id', row.id] as const])),
    ...entries.map((index) => ['entries', 'idx', index] as const),
  ];
  return {
    rows,
    places: rows.flatMap(([table, key, value]) => tamperer.places(table, key, [value])),
    cells: [
      ...(standing ? [] : [`run:${run}`, timerCell(`run/${run}`)]),
      `identity:${identity}`,
      'artefacts',
      'artefacts-mode',
      `freeze:identity:${identity}`,
      'freeze:everything',
      ...approvers.map(({ authenticator }) => `authenticator:${authenticator.id}`),
      ...(about.cells ?? []),
    ],
  };
}

const CELL_VALUES = ['', 'waiting', 'issued', 'active', '0', '2', 'frozen', '1 frozen', 'x', null];

function draw(way: Way, dice: (below: number) => number): Tampering | null {
  const kind = dice(10);
  if (kind < 7) {
    const place = way.places[dice(way.places.length)];
    return place === undefined ? null : tamperer.change(place);
  }
  if (kind < 8) {
    const row = way.rows[dice(way.rows.length)];
    return row === undefined ? null : tamperer.remove(...row);
  }
  const cell = way.cells[dice(way.cells.length)] ?? '';
  const value = CELL_VALUES[dice(CELL_VALUES.length)] ?? null;
  return tamperer.cell(cell) === value ? null : tamperer.setCell(cell, value);
}

/** Changes one thing after another, each time from the same state; what made no difference, each once. */
async function issuedAllTheSame(way: Way, trials: number): Promise<ReadonlySet<string>> {
  const dice = createDice('draws');
  const issued = new Set<string>();
  for (let trial = 0; trial < trials; ) {
    const tampering = draw(way, dice);
    if (tampering === null) continue;
    trial += 1;
    if (await wouldIssue(way)) issued.add(tampering.at);
    tampering.undo();
  }
  return issued;
}

async function approvedToken(): Promise<Way> {
  const asked = house.asked();
  const run = waiting(await house.engine.request(asked));
  await rui.approve(run, 'out-of-hours');
  return {
    go: (walk) => request(walk, { ...asked, run }),
    ...(await restsOn({
      run,
      identity: 'svc-payments',
      approvers: [rui],
      cells: ['active-key:issuer-prod', 'freeze:flow:ci-deploy-token'],
    })),
  };
}

/** A review stands: it is used by the run that it was given in, and by whoever asks for no more without one. */
async function reviewedAgent(standing: boolean): Promise<Way> {
  const asked = house.askedByAgent({
    fields: { task: `answer ${standing ? 'one' : 'another'}`, data_sets: ['crm-public'] },
  });
  const run = waiting(await house.engine.request(asked));
  await mei.approve(run, 'first-issue-review');
  return {
    go: (walk) => request(walk, standing ? asked : { ...asked, run }),
    ...(await restsOn({
      run,
      identity: 'agent-crm',
      approvers: [mei],
      standing,
      cells: ['active-key:issuer-agents', 'freeze:flow:agent-tool-identity'],
    })),
  };
}

const KEY = { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43), kid: 'one' };

/** While this is done nothing is issued: as if everybody were too slow. */
async function held<T>(work: () => Promise<T>): Promise<T> {
  house.intercept(async (commit) => (issues(commit) ? LOST : undefined));
  try {
    return await work();
  } finally {
    house.intercept(null);
  }
}

/** Two people agree to an identity, or to a change of one. */
async function approvedIdentity(name: string, replaces: number | null): Promise<Way & { run: string }> {
  const changes = { name, environment: 'production', keys: [{ ...KEY, kid: name, x: name.padEnd(43, 'x') }] };
  const run = waiting(await house.engine.runs.ask(rui.session, askedIdentity(changes, { replaces })));
  await held(async () => {
    await mei.approve(run, 'owner-accepts');
    await ida.approve(run, 'security-review');
  });
  return {
    run,
    go: (walk) => progress(walk, run),
    ...(await restsOn({ run, identity: name, approvers: [mei, ida] })),
  };
}

async function registered(name: string): Promise<void> {
  const run = waiting(await house.engine.runs.ask(rui.session, askedIdentity({ name })));
  await mei.approve(run, 'owner-accepts');
}

/** A reviewer agrees to a change of the flows that only narrows: fewer are asked than for one that widens. */
async function approvedChange(): Promise<Way> {
  const ana = await signedInPerson(house, 'user:ana');
  const narrower: Edit = ['flows/ci-deploy-token.flow.yaml', 'max: 15m', 'max: 12m'];
  const proposal = { files: acmeFiles(CLOSED, narrower), rollback: null, base: null, summary: 'shorter' };
  const run = waiting(await house.engine.runs.propose(ana.session, proposal));
  await held(async () => mei.approve(run, 'one-reviewer'));
  const sets = await ports.store.read.rows('artefact_sets', { limit: 10 });
  const rest = await restsOn({ run, identity: 'writ', approvers: [mei] });
  const rows = sets.map(({ hash }) => ['artefact_sets', 'hash', hash] as const);
  return {
    go: (walk) => progress(walk, run),
    ...rest,
    rows: [...rest.rows, ...rows],
    places: [...rest.places, ...rows.flatMap(([table, key, hash]) => tamperer.places(table, key, [hash]))],
  };
}

const WAYS: readonly (readonly [name: string, trials: number, way: () => Promise<Way>])[] = [
  ['a token of ci-deploy-token, approved out of hours', TRIALS, approvedToken],
  ['a token of agent-tool-identity, whose run was reviewed', TRIALS, async () => reviewedAgent(false)],
  ['a token of agent-tool-identity under a review that stands', TRIALS, async () => reviewedAgent(true)],
  ['an identity that two agreed to', TRIALS, async () => approvedIdentity('svc-new', null)],
  [
    'a change of an identity that two agreed to',
    TRIALS,
    async () => {
      await registered('svc-old');
      return approvedIdentity('svc-old', 1);
    },
  ],
  ['a change of the flows that a reviewer agreed to', PROVED, approvedChange],
];

describe('one stored thing changed between approval and generation: nothing is issued', () => {
  test.each(WAYS)('F2 E3 %s', { timeout: 300_000 }, async (_, trials, open) => {
    const way = await open();
    expect(await wouldIssue(way)).toBe(true);
    const issued = await issuedAllTheSame(way, trials);
    const unexplained = [...issued].filter(
      (at) => ![...SAYS_NOTHING.map(([place]) => place), ...BELIEVED].some((place) => place.test(at)),
    );
    expect(unexplained).toEqual([]);
    // Nothing was left changed behind.
    expect(await wouldIssue(way)).toBe(true);
  });
});

test('a change of the flows is judged against what is in force, not against what its row has become', async () => {
  const ana = await signedInPerson(house, 'user:ana');
  const wider: Edit = ['flows/ci-deploy-token.flow.yaml', 'max: 15m', 'max: 30m'];
  const longer: Edit = ['flows/ci-deploy-token.flow.yaml', 'max-lifetime: 15m', 'max-lifetime: 30m'];
  const propose = async () =>
    house.engine.runs.propose(ana.session, {
      files: acmeFiles(CLOSED, wider, longer),
      rollback: null,
      base: null,
      summary: 'longer',
    });
  const { hash } = await house.engine.artefacts();
  const body = tamperer.valueOf({ table: 'artefact_sets', keyColumn: 'hash', key: hash, column: 'body' });
  const tampering = tamperer.set(
    { table: 'artefact_sets', keyColumn: 'hash', key: hash, column: 'body' },
    String(body).replace('max: 15m', 'max: 60m').replace('max-lifetime: 15m', 'max-lifetime: 60m'),
  );
  await expect(propose()).rejects.toMatchObject({ code: 'verification-failed' });
  tampering.undo();
  expect(await propose()).toMatchObject({ run: { obligations: [{ rule: 'full-quorum', missing: 2 }] } });
});

test.fails('E3 BUG(runs) a row that says of itself that it was reviewed asks for a review all the same', async () => {
  const place = { table: 'identities', keyColumn: 'name', key: 'agent-crm', column: 'body' };
  const before = String(tamperer.valueOf(place));
  const tampering = tamperer.set(
    place,
    before.replace('"revisionReviewed":false', '"revisionReviewed":true'),
  );
  // Nobody has looked at what this asks for.
  const asked = house.askedByAgent({ fields: { task: 'something new', data_sets: ['crm-eu'] } });
  const way: Way = { go: (walk) => request(walk, asked), places: [], rows: [], cells: [] };
  const issued = await wouldIssue(way);
  tampering.undo();
  expect(issued).toBe(false);
});

describe('one stored thing changed after a run has ended: it does not go on', () => {
  test.each<[string, (run: string) => Promise<unknown>]>([
    ['taken back', async (run) => house.engine.runs.cancel(rui.session, run)],
    [
      'denied',
      async (run) => house.engine.runs.deny(ida.session, { run, rule: 'security-review', reason: 'no' }),
    ],
    ['issued', async (run) => progress(fresh(), run)],
  ])('%s', { timeout: 300_000 }, async (how, end) => {
    const way = await approvedIdentity(`svc-${how.replace(' ', '-')}`, null);
    await end(way.run);
    expect(await wouldIssue(way)).toBe(false);
    expect([...(await issuedAllTheSame(way, ENDED))]).toEqual([]);
  });

  test('a token that was issued, with evidence that nobody has used', { timeout: 300_000 }, async () => {
    const until = house.clock.now() + 120_000;
    const holder = (proof: string) => ({
      key: { pop: 'dpop' as const, thumbprint: 'another key' },
      proof: { key: proof, holder: null, until },
    });
    const asked = house.asked({ holder: holder('one') });
    const run = waiting(await house.engine.request(asked));
    await rui.approve(run, 'out-of-hours');
    expect(await house.engine.request({ ...asked, run })).toMatchObject({ outcome: 'issued' });
    const again = house.asked({ holder: holder('two'), run });
    const way: Way = {
      go: (walk) => request(walk, again),
      ...(await restsOn({ run, identity: 'svc-payments', approvers: [rui] })),
    };
    expect([...(await issuedAllTheSame(way, ENDED))]).toEqual([]);
  });
});

describe('the same with a copy of the file, that a process which has just started has before it', () => {
  /** Whether the identity is registered by a house that opens what `change` made of the files. */
  async function registeredFrom(name: string, change: (copy: Tamperer, way: Way) => void): Promise<boolean> {
    const way = await approvedIdentity(name, null);
    const data = join(scratch, `copy of ${name}`);
    cpSync(house.data, data, { recursive: true, filter: (path) => !/\.(?:lock|holder)$/.test(path) });
    using copy = createTamperer(join(data, 'writ.db'), 'copy');
    change(copy, way);
    // What was agreed to is gone on with by whoever finds it five seconds later.
    const clock = createFakeClock(house.clock.now() + 6_000);
    const started = async (): Promise<boolean> => {
      await using there = await openEngineHouse({ dev: true, data, edits: [CLOSED], clock, seed: name });
      await there.engine.reconciler.tick();
      return (await there.engine.identity(name)) !== null;
    };
    return started().catch((error: unknown) => {
      if (error instanceof WritError) return false;
      throw error;
    });
  }

  const at = (way: Way, table: string, column: string): StoredPlace => {
    const place = way.places.find((each) => each.table === table && each.column === column);
    if (place === undefined) throw new Error(`no ${table}.${column}`);
    return place;
  };

  test('unchanged it is registered', async () => {
    expect(await registeredFrom('svc-as-it-was', () => undefined)).toBe(true);
  });

  test.each([
    ['runs', 'body'],
    ['runs', 'state'],
    ['approvals', 'person'],
    ['approvals', 'entry'],
    ['entries', 'record'],
    ['entries', 'leaf'],
  ])('E3 with another %s.%s it is not', async (table, column) => {
    const there = await registeredFrom(`svc-${table}-${column}`, (copy, way) => {
      let made: Tampering | null = null;
      while (made === null) made = copy.change(at(way, table, column));
    });
    expect(there).toBe(false);
  });

  test('E3 without one of the approvals it is not', async () => {
    const there = await registeredFrom('svc-removed', (copy, way) => {
      const [, id] = way.rows.filter(([table]) => table === 'approvals');
      if (id === undefined) throw new Error('no approval');
      copy.remove(...id);
    });
    expect(there).toBe(false);
  });
});
