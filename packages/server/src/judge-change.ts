import type { Json, Reason } from '@writ/core';
import type { ChangeJudgement } from '@writ/engine';
import { type ChangeVerdict, type LoadedForPlan, loadForPlan, loadSet, type SourceFile } from '@writ/flow';
import { compareSets, type FlowChange, lint, otherChanges, tell } from '@writ/prove';

type Sha256 = (data: Uint8Array) => Uint8Array;

/** From harmless to not: what is proved of a whole change is what is worst among its parts. */
const WORSE: readonly ChangeVerdict[] = ['same', 'narrower', 'incomparable', 'unknown', 'wider'];

/** Compares a proposed set with the one in force, flow by flow, and holds it to the lint rules that bar publishing. */
export function createJudgeChange(
  sha256: Sha256,
): (base: readonly SourceFile[], proposed: readonly SourceFile[]) => ChangeJudgement {
  return (base, proposed) => {
    const [old, fresh] = [forPlan(base, sha256), forPlan(proposed, sha256)];
    if (old === null || fresh === null) return unreadable();
    const changes = compareSets(old, fresh);
    const outside = otherChanges(old.set, fresh.set);
    const tiers = changes.map(
      ({ flow }) => (fresh.set.flows.get(flow) ?? old.set.flows.get(flow))?.definition.tier ?? 0,
    );
    const verdicts: readonly ChangeVerdict[] = [
      ...changes.map(({ verdict }) => verdict),
      // Who is in a group, what a source says: no proof covers it, so people look at it.
      ...(outside.length > 0 ? ['unknown' as const] : []),
    ];
    const [only, second] = changes;
    return {
      verdict: verdicts.reduce(
        (worst, each) => (WORSE.indexOf(each) > WORSE.indexOf(worst) ? each : worst),
        'same',
      ),
      tier: Math.min(3, ...tiers, ...(outside.length > 0 ? [0] : [])),
      flow: second === undefined ? (only?.flow ?? '') : '',
      report: { changes: changes.map(toldChange), outside },
      bars: barsOf(proposed, sha256),
    };
  };
}

function forPlan(
  files: readonly SourceFile[],
  sha256: Sha256,
): (LoadedForPlan & { set: NonNullable<LoadedForPlan['set']> }) | null {
  const loaded = loadForPlan(files, sha256);
  return loaded.set === null ? null : { ...loaded, set: loaded.set };
}

function unreadable(): ChangeJudgement {
  const message = 'one of the two sets cannot be compared';
  return { verdict: 'unknown', tier: 0, flow: '', report: { changes: [], outside: [message] }, bars: [] };
}

/** What lint calls an error bars publishing, whoever approves. */
function barsOf(files: readonly SourceFile[], sha256: Sha256): readonly Reason[] {
  const { set, problems } = loadSet(files, sha256);
  if (set === null)
    return [{ stage: 'request', rule: 'change.set', message: 'the proposed set does not load' }];
  return lint(set, { files, problems })
    .filter(({ severity }) => severity === 'error')
    .map(
      ({ id, flow, rule, message, help }): Reason => ({
        stage: 'request',
        rule: `lint.${id}`,
        message: `flow ${flow}, ${rule}: ${message}`,
        help,
      }),
    );
}

function toldChange(change: FlowChange): Json {
  const { flow, verdict, stages, rules, wider } = change;
  const witness = wider === null ? null : plain(tell(wider, 'wider'));
  return { flow, change: change.change, verdict, stages: [...stages], rules: [...rules], witness };
}

function plain(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object') return null;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
