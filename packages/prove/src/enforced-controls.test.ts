import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CHECK_NAMES,
  CONTROL_CHECKS,
  type Control,
  formatProblem,
  loadForPlan,
  type PolicyPack,
} from '@writ/flow';
import { describe, expect, test } from 'vitest';
import { alone, expectReplayed, plainFlow, root, sha256 } from './fixture.test.ts';
import { compareSets, compareUnder, type FlowVerdict, otherChanges, type Side } from './index.ts';
import { patched, type Step } from './json-patch.test.ts';
import { dice, issues, parts, points, sideOf, variant } from './small-world.test.ts';

type Some = Pick<Control, 'checks'> & Partial<Control>;

function packsOf(...controls: readonly Some[]): ReadonlyMap<string, PolicyPack> {
  const full = controls.map(
    (each, i): Control => ({
      id: `C-${i}`,
      aliases: [],
      title: 'A control',
      enforce: true,
      issues: null,
      tiers: null,
      kinds: null,
      ...each,
    }),
  );
  return new Map([['ours', { pack: 'ours', version: '1', title: 'Ours', controls: full }]]);
}

function under(side: Side, packs: ReadonlyMap<string, PolicyPack>): Side {
  return { ...side, around: { ...side.around, packs } };
}

const NONE: ReadonlyMap<string, PolicyPack> = new Map();
const bound = packsOf({ checks: [{ check: 'sender-constrained', bound: null }] });
const before = alone(plainFlow('ci-deploy-token'));

function after(...steps: readonly Step[]): Side {
  return alone(patched(plainFlow('ci-deploy-token'), steps));
}

const reworded = after({ op: 'replace', path: '/summary', value: 'other words' });
const shorter = after({ op: 'replace', path: '/request/ttl/max', value: '12m' });
const longer = after(
  { op: 'replace', path: '/request/ttl/max', value: '15m30s' },
  { op: 'replace', path: '/lifecycle/max-lifetime', value: '16m' },
);
const lessBound = after({ op: 'replace', path: '/bind/pop', value: ['dpop'] });

describe('enforced controls', () => {
  test.each<[string, Side, Side, FlowVerdict['verdict']]>([
    ['there before and after', under(before, bound), under(reworded, bound), 'same'],
    [
      'there before and after, of a flow that lets less through',
      under(before, bound),
      under(shorter, bound),
      'narrower',
    ],
    ['gone', under(before, bound), reworded, 'unknown'],
    ['gone, of a flow that lets less through', under(before, bound), shorter, 'unknown'],
    ['gone, of a flow that lets more through', under(before, bound), longer, 'wider'],
    ['new', before, under(reworded, bound), 'narrower'],
    ['new, of a flow that lets less through', before, under(shorter, bound), 'narrower'],
    ['new, of a flow that lets more through', before, under(longer, bound), 'wider'],
  ])('S3.12 %s: the proof claims no more than it shows', (_, old, fresh, verdict) => {
    const answer = compareUnder(old, fresh);
    expect(answer.verdict).toBe(verdict);
    expectReplayed(answer);
  });

  test('S3.12 what moved is named, and why nothing is proved', () => {
    const gone = compareUnder(under(before, bound), before);
    expect(gone).toMatchObject({ stages: ['policy'], rules: ['pack.ours.C-0'], wider: null });
    expect(gone.because).toBe(
      'enforced controls are outside the proof, and what pack.ours.C-0 refused may be issued now',
    );
    const added = compareUnder(before, under(before, bound));
    expect(added).toMatchObject({ stages: ['policy'], rules: ['pack.ours.C-0'], because: null });
  });

  test('S3.12 a flow that differs in what a control reads may pass where it failed', () => {
    // As if before it had been bound to nothing, which the control refused whatever was asked.
    expect(compareUnder(under(before, bound), under(lessBound, bound)).verdict).toBe('unknown');
    const purpose = packsOf({ checks: [{ check: 'purpose-recorded', bound: null }] });
    expect(compareUnder(under(before, purpose), under(lessBound, purpose)).verdict).toBe('narrower');
  });

  test('S3.12 a control held to another number is another control', () => {
    const most = (count: number): ReadonlyMap<string, PolicyPack> =>
      packsOf({ checks: [{ check: 'scopes-within', bound: count }] });
    expect(compareUnder(under(before, most(1)), under(before, most(2))).verdict).toBe('unknown');
    expect(compareUnder(under(before, most(2)), under(before, most(2))).verdict).toBe('same');
  });

  test.each<[string, Some]>([
    ['not enforced', { enforce: false, checks: [{ check: 'sender-constrained', bound: null }] }],
    [
      'of what this flow does not issue',
      { issues: ['x509'], checks: [{ check: 'sender-constrained', bound: null }] },
    ],
    ['of another tier', { tiers: [3], checks: [{ check: 'sender-constrained', bound: null }] }],
  ])('S3.12 a control that is %s may go', (_, control) => {
    expect(compareUnder(under(before, packsOf(control)), under(reworded, NONE)).verdict).toBe('same');
  });

  test('S3.12 other words for a condition, for a title or for an alias are the same control', () => {
    const owned = (more: Partial<Control>): ReadonlyMap<string, PolicyPack> =>
      packsOf({ checks: [{ check: 'ownership-proven', bound: null }], ...more });
    const spelt = after({
      op: 'replace',
      path: '/policy/permit/0/when',
      value: '(request.target)  ==  "production"',
    });
    const fresh = under(spelt, owned({ title: 'Another title', aliases: ['X-1'] }));
    expect(compareUnder(under(before, owned({})), fresh).verdict).toBe('same');
  });

  test('S3.12 a flow that permits nothing any more lets nothing through, whatever is enforced', () => {
    const shut: Side = {
      ...before,
      flow: {
        ...before.flow,
        permit: [],
        definition: { ...before.flow.definition, policy: { permit: [], forbid: [] } },
      },
    };
    expect(compareUnder(under(before, bound), under(shut, NONE)).verdict).toBe('narrower');
  });
});

describe('sets that differ in their packs', () => {
  const files = globSync('**/*.yaml', { cwd: join(root, 'examples/acme') })
    .filter((path) => path !== 'writ.yaml')
    .map((path) => ({ path, text: readFileSync(join(root, 'examples/acme', path), 'utf8') }));
  const loaded = (from: string, to: string): Parameters<typeof compareSets>[0] => {
    const changed = files.map(({ path, text }) => ({ path, text: text.replace(from, () => to) }));
    const { set, lacks, problems } = loadForPlan(changed, sha256);
    if (set === null) throw new Error(problems.map(formatProblem).join('\n'));
    return { set, lacks };
  };
  const asItIs = loaded('', '');
  const title = 'title: Long-Lived Secrets';
  const enforced = loaded(title, `${title}\n    enforce: true`);
  const told = (old: typeof asItIs, fresh: typeof asItIs): readonly string[] =>
    compareSets(old, fresh).map(({ change, verdict, rules }) => `${change} ${verdict} ${rules.join()}`);

  test('S3.12 one that is enforced narrows every flow, and is unknown when it is enforced no more', () => {
    const each = asItIs.set.flows.size;
    expect(told(asItIs, enforced)).toEqual(
      Array.from({ length: each }, () => 'surroundings narrower pack.owasp-nhi.NHI7:2025'),
    );
    expect(told(enforced, asItIs)).toEqual(
      Array.from({ length: each }, () => 'surroundings unknown pack.owasp-nhi.NHI7:2025'),
    );
  });

  test('S3.12 one that is not enforced changes no flow, and is told', () => {
    const other = loaded('within: 7d', 'within: 30d');
    expect(told(asItIs, other)).toEqual([]);
    expect(otherChanges(asItIs.set, other.set)).toEqual(['policy pack owasp-nhi']);
  });
});

const PAIRS = 150;

describe(`S3.12 ${PAIRS} random pairs of flows under random enforced controls`, () => {
  const roll = dice(20_261_120);
  const someControls = (): ReadonlyMap<string, PolicyPack> =>
    packsOf(
      ...Array.from({ length: roll(3) }, () => {
        const check = CHECK_NAMES[roll(CHECK_NAMES.length)] ?? 'purpose-recorded';
        const number = [1, 2, 300, 100_000_000][roll(4)] ?? 1;
        return { checks: [{ check, bound: CONTROL_CHECKS[check].bound === null ? null : number }] };
      }),
    );
  const world = points(roll, 300);
  const pairs = Array.from({ length: PAIRS }).flatMap(() => {
    const base = parts(roll);
    const [left, right] = [sideOf(base), sideOf(roll(3) === 0 ? base : variant(roll, base))];
    if (left === null || right === null) return [];
    const packs = someControls();
    const old = under(left, packs);
    const fresh = under(right, roll(2) === 0 ? packs : someControls());
    const issued = ([old, fresh] as const).map((side) => world.map((point) => issues(side, point)));
    return [{ answer: compareUnder(old, fresh), issued }];
  });

  test('brute force finds nothing new that is let through where the prover says that nothing is', () => {
    const wrong = pairs.filter(
      ({ answer: { verdict }, issued: [old = [], fresh = []] }) =>
        (verdict === 'same' || verdict === 'narrower') && fresh.some((each, i) => each && old[i] !== true),
    );
    expect(wrong.map(({ answer }) => answer.verdict)).toEqual([]);
  });

  test('what is shown was replayed under the controls, and each verdict comes up', () => {
    for (const { answer } of pairs) expectReplayed(answer);
    const verdicts = new Set(pairs.map(({ answer }) => answer.verdict));
    expect([...verdicts].sort()).toEqual(['incomparable', 'narrower', 'same', 'unknown', 'wider']);
  });
});
