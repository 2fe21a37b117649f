import { readFileSync } from 'node:fs';
import { type FlowTestRun, jsonOf, parseYaml } from '@writ/flow';
import {
  bringsAbout,
  type Coverage,
  type Missed,
  type Suggestion,
  suggestedTest,
  suggestedYaml,
  suggestionFor,
} from '@writ/prove';

/** Tests that are missing from one file. */
export interface Suggested {
  readonly path: string;
  /** ready to be pasted below `tests:`; each was run, and passes */
  readonly tests: readonly string[];
  /** what no test could be written for, by name */
  readonly left: readonly string[];
}

/** Runs a test file whose text is given. */
export type RunText = (path: string, text: string) => Promise<FlowTestRun>;

/** The tests that would notice what the tests of a file do not. */
export async function suggestionsFor(
  run: FlowTestRun,
  coverage: Coverage,
  runText: RunText,
): Promise<Suggested> {
  const { path, tested, bases } = run;
  const left: string[] = [];
  const tests = new Map<string, Suggestion>();
  for (const missed of missedIn(coverage)) {
    const found = tested === null ? null : suggestionFor(tested.flow, bases, missed);
    if (found === null) left.push(missed.name);
    else if (!tests.has(keyOf(found))) tests.set(keyOf(found), found);
  }
  const wanted = [...tests.values()];
  if (wanted.length === 0) return { path, tests: [], left };
  const { results, decisions } = await runText(path, withTests(path, wanted.map(suggestedTest)));
  const passed = wanted.filter((each, i) => {
    const result = results[i];
    const own = decisions.filter(({ test }) => test === result?.name);
    return tested !== null && result?.failures.length === 0 && bringsAbout(tested.flow, each, own);
  });
  const failed = wanted.filter((each) => !passed.includes(each)).map(({ mutant }) => mutant.name);
  return { path, tests: passed.map(suggestedYaml), left: [...left, ...failed] };
}

function keyOf({ given, act, expect }: Suggestion): string {
  return JSON.stringify([given, act, expect]);
}

/** Each once, whatever missed it. */
function missedIn({ rules, branches, mutants }: Coverage): readonly Missed[] {
  const all = [...rules.missed, ...branches.missed, ...(mutants?.missed ?? [])];
  return [...new Map(all.map((missed) => [missed.mutant.flow.hash, missed])).values()];
}

/** The fixtures of a file with other tests. */
function withTests(path: string, tests: readonly object[]): string {
  const { root } = parseYaml(path, readFileSync(path, 'utf8'));
  const document = root === null ? null : jsonOf(root);
  const members = typeof document === 'object' && document !== null ? Object.entries(document) : [];
  const kept = members.filter(([name]) => name === 'writ' || name === 'flow' || name === 'fixtures');
  return JSON.stringify({ ...Object.fromEntries(kept), tests });
}
