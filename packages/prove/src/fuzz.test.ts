import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { verdictOf } from './compare-flows.ts';
import { compareEncoded } from './compare-sides.ts';
import { Encoding } from './encoding.ts';
import { expectReplayed, root } from './fixture.test.ts';
import type { FlowVerdict, Side } from './index.ts';
import { opinionOn } from './second-opinion.ts';
import { dice, issues, parts, points, sideOf, variant } from './small-world.test.ts';

const PAIRS = 2_000;
const FAMILIES = 40;
const WORLD = 500;

interface Flow {
  readonly side: Side;
  readonly family: number;
  /** which points of the small world it issues */
  readonly issued: readonly boolean[];
}

interface Pair {
  readonly old: Flow;
  readonly fresh: Flow;
  readonly answer: FlowVerdict;
}

function makeFlows(roll: ReturnType<typeof dice>): readonly Flow[] {
  const world = points(roll, WORLD);
  return Array.from({ length: FAMILIES }).flatMap((_, family) => {
    const base = parts(roll);
    const all = [base, ...Array.from({ length: 5 }, () => variant(roll, base))];
    return all.flatMap((each) => {
      const side = sideOf(each);
      return side === null ? [] : [{ side, family, issued: world.map((point) => issues(side, point)) }];
    });
  });
}

/** The other engine, in one process of its own: it answers while the pairs are still being made. */
class SecondEngine {
  readonly #child = spawn(process.execPath, [join(root, 'scripts/second-engine/answer.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  #said = '';
  readonly #ended: Promise<unknown>;

  constructor() {
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
    this.#ended = new Promise((resolve) => this.#child.on('close', resolve));
  }

  /** Gives the pipe its turn. */
  async ask(text: string): Promise<void> {
    if (!this.#child.stdin.write(`${JSON.stringify(text)}\n`)) await once(this.#child.stdin, 'drain');
    await setImmediate();
  }

  async answers(): Promise<readonly string[]> {
    this.#child.stdin.end();
    await this.#ended;
    return this.#said.trim().split('\n');
  }
}

const widens = ({ verdict }: FlowVerdict): boolean => verdict === 'wider' || verdict === 'incomparable';
const narrows = ({ verdict }: FlowVerdict): boolean => verdict === 'narrower' || verdict === 'incomparable';

describe(`S3.12 ${PAIRS} random pairs of flows`, () => {
  const pairs: Pair[] = [];
  let engine: SecondEngine;

  beforeAll(async () => {
    engine = new SecondEngine();
    const roll = dice(20_260_701);
    const flows = makeFlows(roll);
    while (pairs.length < PAIRS) {
      const old = flows[roll(flows.length)];
      // Three of four are changes of one flow; the others have little in common.
      const far = roll(4) === 0;
      const near = flows.filter(({ family }) => far || family === old?.family);
      const fresh = near[roll(near.length)];
      if (old === undefined || fresh === undefined) throw new Error('no flows');
      const encoding = new Encoding(old.side, fresh.side);
      await engine.ask(opinionOn(encoding));
      pairs.push({ old, fresh, answer: verdictOf(compareEncoded(encoding)) });
    }
  }, 180_000);

  test('every one is answered, and every verdict comes up often', () => {
    const count = (verdict: string): number =>
      pairs.filter(({ answer }) => answer.verdict === verdict).length;
    expect(
      pairs.filter(({ answer }) => answer.verdict === 'unknown').map(({ answer }) => answer.because),
    ).toEqual([]);
    for (const verdict of ['same', 'narrower', 'wider', 'incomparable'])
      expect(count(verdict)).toBeGreaterThan(30);
  });

  test('every request that is shown was replayed', () => {
    for (const { answer } of pairs) {
      expect([answer.wider !== null, answer.narrower !== null]).toEqual([widens(answer), narrows(answer)]);
      expectReplayed(answer);
    }
  });

  test('brute force finds nothing that is let through where the prover says that nothing is', () => {
    const missed = (more: readonly boolean[], less: readonly boolean[]): boolean =>
      more.some((issued, i) => issued && less[i] !== true);
    const wrong = pairs.filter(
      ({ old, fresh, answer }) =>
        (!widens(answer) && missed(fresh.issued, old.issued)) ||
        (!narrows(answer) && missed(old.issued, fresh.issued)),
    );
    expect(wrong.length).toBe(0);
    // It does find what there is to find, so that it would have.
    const found = pairs.filter(
      ({ old, fresh, answer }) => widens(answer) && missed(fresh.issued, old.issued),
    );
    expect(found.length).toBeGreaterThan(pairs.filter(({ answer }) => widens(answer)).length / 2);
  });

  test('the second engine says the same of every pair', { timeout: 120_000 }, async () => {
    const answers = await engine.answers();
    expect(answers).toEqual(pairs.map(({ answer }) => (widens(answer) ? 'sat' : 'unsat')));
  });
});
