import type { FlowTestRun } from '@writ/flow';
import type { Coverage, PropertyResult, Share } from '@writ/prove';
import { requestLines } from './told.ts';

/** One test file, with what its tests decide where that was asked for. */
export interface CoveredRun {
  readonly run: FlowTestRun;
  readonly properties: readonly PropertyResult[];
  readonly coverage: Coverage | null;
}

/** A line for each test, and under one that failed what was not as it says. */
export function testLines({ path, file, results }: FlowTestRun): readonly string[] {
  if (file === null) return [];
  return results.flatMap(({ name, line, failures }) =>
    failures.length === 0
      ? [`ok      ${file.flow}: ${name}`]
      : [`FAILED  ${path}:${line}: ${name}`, ...failures.map((failure) => `          ${failure}`)],
  );
}

/** A line for each property, and what breaks one that does not hold. */
export function propertyLines({ run: { path, file }, properties }: CoveredRun): readonly string[] {
  if (file === null) return [];
  return properties.flatMap(({ kind, text, line, holds, because, example }) => {
    if (holds) return [`holds   ${file.flow}: ${kind} ${text}`];
    const shown = example === null ? [] : requestLines(example).map((each) => `          ${each}`);
    const why =
      because ?? (kind === 'never' ? 'this request is issued' : 'no request is issued of which it holds');
    return [`BROKEN  ${path}:${line}: ${kind} ${text}`, `          ${why}`, ...shown];
  });
}

/** What each file covers, and what its tests do not notice. */
export function coverageLines({ run: { file }, coverage }: CoveredRun): readonly string[] {
  if (coverage === null || file === null) return [];
  const { rules, branches, stages, mutants } = coverage;
  const shares = [counted(rules, 'rules', 'decisive'), counted(branches, 'branches', 'seen')];
  const seen = stages.filter((each) => each.seen);
  const killed = mutants === null ? [] : [counted(mutants, 'mutants', 'killed')];
  return [
    `${file.flow}: ${[...shares, `stages ${seen.length}/${stages.length}`, ...killed].join(' · ')}`,
    ...missedLines('no test decides', rules),
    ...missedLines('no test sees that', branches),
    ...stages.filter((each) => !each.seen).map(({ stage, outcome }) => `  no test sees ${stage} ${outcome}`),
    ...(mutants === null ? [] : missedLines('survives', mutants)),
    ...(mutants === null || mutants.equivalent.length === 0
      ? []
      : [
          `  ${mutants.equivalent.length} mutants are proved to decide alike: ${mutants.equivalent.join(', ')}`,
        ]),
  ];
}

function missedLines(what: string, { missed }: Share): readonly string[] {
  return missed.map(({ name, verdict: { verdict, because } }) => {
    const why = verdict === 'unknown' ? ` (not proved alike: ${because ?? 'the budget is used up'})` : '';
    return `  ${what}: ${name}${why}`;
  });
}

/** `tests 41/41 · rules 11/11 decisive · mutants 38/38` */
export function testSummary(covered: readonly CoveredRun[]): string {
  const results = covered.flatMap(({ run }) => run.results);
  const passed = results.filter(({ failures }) => failures.length === 0);
  const all = covered.flatMap(({ coverage }) => coverage ?? []);
  const sum = (of: (coverage: Coverage) => Share | null, name: string, word: string): readonly string[] => {
    const shares = all.flatMap((each) => of(each) ?? []);
    if (shares.length === 0) return [];
    const noticed = shares.reduce((total, share) => total + share.noticed, 0);
    const there = shares.reduce((total, share) => total + share.all, 0);
    return [counted({ noticed, all: there }, name, word)];
  };
  return [
    `tests ${passed.length}/${results.length}`,
    ...sum(({ rules }) => rules, 'rules', 'decisive'),
    ...sum(({ mutants }) => mutants, 'mutants', ''),
  ].join(' · ');
}

function counted({ noticed, all }: Pick<Share, 'noticed' | 'all'>, name: string, word: string): string {
  return `${name} ${noticed}/${all} ${word}`.trim();
}

/** Where a file demands more coverage than its tests have. */
export function shortfalls({ run: { path, file }, coverage }: CoveredRun): readonly string[] {
  if (file === null || coverage === null) return [];
  const { coverage: demand } = file;
  const { rules, branches, mutants } = coverage;
  const survivors = (mutants?.missed ?? []).filter(({ name }) => !demand.allowSurvivors.includes(name));
  const score = mutants === null ? null : { all: mutants.all, noticed: mutants.all - survivors.length };
  return [
    ...short(path, 'rules', demand.rules, rules),
    ...short(path, 'branches', demand.branches, branches),
    ...(score === null ? [] : short(path, 'mutants-killed', demand.mutantsKilled, score)),
  ];
}

function short(
  path: string,
  what: string,
  demanded: number | null,
  { noticed, all }: Pick<Share, 'noticed' | 'all'>,
): readonly string[] {
  if (demanded === null || noticed * 100 >= demanded * all) return [];
  return [`${path}: ${what} ${noticed}/${all} is less than the ${demanded}% that the file demands`];
}

/** What `--json` prints. Milliseconds. */
export function testJson(covered: readonly CoveredRun[], elapsed: number): object {
  return {
    schema: 'writ.flow-test/v1',
    elapsed_ms: Math.round(elapsed),
    files: covered.map(({ run: { path, file, problems, results, notes }, properties, coverage }) => ({
      path,
      flow: file?.flow ?? null,
      problems,
      tests: results,
      properties,
      notes,
      ...(coverage === null ? {} : { coverage: coverageJson(coverage) }),
    })),
  };
}

function coverageJson({ rules, branches, stages, mutants }: Coverage): object {
  return {
    rules: shareJson(rules),
    branches: shareJson(branches),
    stages,
    ...(mutants === null ? {} : { mutants: { ...shareJson(mutants), equivalent: mutants.equivalent } }),
  };
}

function shareJson({ noticed, all, missed }: Share): object {
  return { noticed, all, missed: missed.map(({ name }) => name) };
}
