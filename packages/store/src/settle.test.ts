import type { Commit, CommitResult, Expect, Write } from '@writ/core';
import { append, emptyTree, hashLeaf, type Tree } from '@writ/ledger';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commit, credential, entry, many } from './conformance/commits.ts';
import { logOptions, START, sha256 } from './conformance/place.ts';
import type { Consumed, Counter, Loaded } from './judge.ts';
import { type CredentialLife, counts } from './live-credential.ts';
import { type Settlement, settle } from './settle.ts';
import { type Wanted, wantedBy } from './wanted.ts';

const log = logOptions();

/** A database in memory that loads exactly what is wanted and keeps what a settlement writes. */
class Memory {
  tree: Tree = emptyTree;
  timeMs = 0;
  readonly cells = new Map<string, string>();
  readonly consumed = new Map<string, Consumed>();
  readonly counters = new Map<string, Counter>();
  readonly credentials = new Map<string, CredentialLife>();

  run(commits: readonly Commit[], now: number): readonly CommitResult[] {
    const settlement = settle(
      commits,
      { tree: this.tree, timeMs: this.timeMs, loaded: this.load(wantedBy(commits)), now },
      log,
    );
    this.apply(settlement, commits);
    return settlement.results;
  }

  load(wanted: Wanted): Loaded {
    const pick = <V>(from: ReadonlyMap<string, V>, names: ReadonlySet<string>): Map<string, V> =>
      new Map([...from].filter(([name]) => names.has(name)));
    const live = [...wanted.live].map(([right, { now, cap }]): [string, number[]] => {
      const ofRight = [...this.credentials.values()].filter((life) => life.right === right && counts(life));
      const expiries = ofRight.map(({ expiresAt }) => expiresAt).filter((expiresAt) => expiresAt > now);
      return [right, expiries.sort((a, b) => b - a).slice(0, cap)];
    });
    return {
      cells: pick(this.cells, wanted.cells),
      consumed: pick(this.consumed, wanted.consumed),
      counters: pick(this.counters, wanted.counters),
      credentials: pick(this.credentials, wanted.credentials),
      live: new Map(live),
    };
  }

  apply({ changed, grown, results }: Settlement, commits: readonly Commit[]): void {
    for (const [name, value] of changed.cells) this.cells.set(name, value);
    for (const [key, value] of changed.consumed) this.consumed.set(key, value);
    for (const [name, value] of changed.counters) this.counters.set(name, value);
    for (const [i, { write }] of commits.entries()) {
      for (const each of results[i]?.outcome === 'committed' ? write : []) {
        if (each.kind !== 'row' || each.table !== 'credentials') continue;
        const { id, right_id: right, state, expires_at: expiresAt } = each.row;
        this.credentials.set(id, { right, state, expiresAt });
      }
    }
    if (grown !== null) ({ tree: this.tree, timeMs: this.timeMs } = grown);
  }
}

const name = fc.constantFrom('a', 'b');
const expectation: fc.Arbitrary<Expect> = fc.oneof(
  fc.record({ kind: fc.constant('cell'), cell: name, is: fc.constantFrom(null, '1', '2') }),
  fc.record({
    kind: fc.constant('rate'),
    counter: name,
    limit: fc.nat(3),
    until: fc.integer({ min: START - 2, max: START + 2 }),
  }),
  fc.record({
    kind: fc.constant('live'),
    right: name,
    limit: fc.nat(4),
    now: fc.integer({ min: START, max: START + 3 }),
  }),
);
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({ kind: fc.constant('cell'), cell: name, value: fc.constantFrom('1', '2') }),
  fc
    .record({
      id: fc.constantFrom('c1', 'c2', 'c3', 'c4', 'c5', 'c6'),
      right_id: name,
      state: fc.constantFrom('issued', 'revoked', 'prepared', 'superseded'),
      expires_at: fc.integer({ min: START, max: START + 4 }),
    })
    .map(({ id, ...changes }) => credential(id, changes)),
);
const anyCommit: fc.Arbitrary<Commit> = fc.record({
  expect: fc.array(expectation, { maxLength: 2 }),
  consume: fc.array(
    fc.record({ key: name, holder: fc.constantFrom(null, 'h', 'i'), until: fc.constant(START) }),
    { maxLength: 2 },
  ),
  append: fc.boolean().map((appends) => (appends ? entry('x') : null)),
  write: fc.array(write, { maxLength: 3 }),
});

describe('settle', () => {
  test('decides a batch as if its commits had come one by one', () => {
    const batches = fc.array(fc.array(anyCommit, { minLength: 1, maxLength: 8 }), { maxLength: 4 });
    fc.assert(
      fc.property(batches, (all) => {
        const together = new Memory();
        const alone = new Memory();
        for (const batch of all) {
          const results = together.run(batch, START);
          const one = batch.flatMap((each) => alone.run([each], START));
          expect(results.map(outcome)).toEqual(one.map(outcome));
        }
        expect(together).toEqual(alone);
      }),
      { numRuns: 300 },
    );
  });

  test('changes nothing of what it was given', () => {
    const ground = {
      tree: emptyTree,
      timeMs: 0,
      loaded: new Memory().load(wantedBy([])),
      now: START,
    };
    const before = structuredClone(ground);
    settle([commit({ append: entry('x'), write: [credential('c')] })], ground, log);
    expect(ground).toEqual(before);
  });

  test('appends the winners in order and nothing else', () => {
    const memory = new Memory();
    const lost: Expect = { kind: 'cell', cell: 'never', is: 'set' };
    const results = memory.run(
      many(9, (n) => commit({ append: entry(`${n}`), expect: n % 3 === 0 ? [lost] : [] })),
      START,
    );
    const leaves = results.flatMap((result) =>
      result.outcome === 'committed' && result.inclusion !== null ? [result.inclusion.leaf] : [],
    );
    const leafHashes = leaves.map((leaf) => hashLeaf(sha256, leaf));
    expect(memory.tree).toEqual(append(sha256, emptyTree, leafHashes).tree);
    expect(memory.tree.size).toBe(6);
  });

  test('signs nothing when nobody appends', () => {
    const signer = {
      ...log.signer,
      sign: (): Uint8Array => {
        throw new Error('signed');
      },
    };
    const ground = { tree: emptyTree, timeMs: 0, loaded: new Memory().load(wantedBy([])), now: START };
    const settlement = settle([commit({ write: [credential('c')] })], ground, { ...log, signer });
    expect(settlement.grown).toBeNull();
    expect(settlement.idle).toBe(false);
  });
});

/** What of a result does not depend on how commits were grouped. */
function outcome(result: CommitResult): unknown {
  if (result.outcome === 'lost') return result;
  const { inclusion, timeMs } = result;
  return { timeMs, index: inclusion?.index ?? null, leaf: inclusion?.leaf ?? null };
}
