import { formatProblem, type LoadedForPlan, loadForPlan, type SourceFile } from '@writ/flow';
import { compareSets, type FlowChange, otherChanges, tell } from '@writ/prove';
import type { Command } from 'commander';
import { type ApiOptions, apiSession, withUrl } from '../api-session.ts';
import { CommandFailure } from '../exit-code.ts';
import { type PlanReport, planLines, planMarkdown } from '../output/plan-report.ts';
import { clean, formatOf, out, say } from '../output/print.ts';
import { withOutput } from './operator.ts';

interface PlanOptions extends ApiOptions {
  readonly from?: string;
  readonly markdown?: boolean;
  readonly detailedExitcode?: boolean;
  readonly budget?: string;
}

/** `plan`: what a proposed directory lets through that another, or what is in force, does not. With `--from` it needs no server. */
export function planCommand(program: Command): void {
  withOutput(
    withUrl(
      program
        .command('plan <directory>')
        .description('what a proposed directory would let through, with a proof'),
    ),
  )
    .option('--from <directory>', 'what is compared with, without a server; default: what is in force there')
    .option('--markdown', 'as Markdown, for a review')
    .option('--detailed-exitcode', '0: no change; 10: changes, none widens; 11: widens, or unknown')
    .option('--budget <nodes>', 'case splits to make for each flow before the answer is `unknown`')
    .addHelpText(
      'after',
      '\nA directory may hold flows alone: what it lacks bounds nothing, and is listed.\n\nExample:\n  writ plan --from examples/acme proposed --detailed-exitcode',
    )
    .action(async (directory: string, options: PlanOptions) => {
      const old = options.from === undefined ? await inForce(options) : await loaded(options.from);
      const fresh = await loaded(directory);
      const changes = compareSets(old, fresh, budgetOf(options));
      const report: PlanReport = {
        changes,
        outside: otherChanges(old.set, fresh.set),
        assumed: [...new Set([...old.assumed, ...fresh.assumed])],
        flows: fresh.set.flows,
      };
      if (formatOf(options) !== 'table') out(JSON.stringify(asJson(report), null, 2));
      else for (const line of options.markdown === true ? planMarkdown(report) : planLines(report)) out(line);
      if (options.detailedExitcode === true) leave(report);
    });
}

type Loaded = LoadedForPlan & { readonly set: NonNullable<LoadedForPlan['set']> };

/** What the server decides by now. */
async function inForce(options: ApiOptions): Promise<Loaded> {
  const { files, hash } = await apiSession(options).api.getArtefacts();
  say(`compared with ${hash.slice(0, 12)}, which is in force`);
  return loadedFrom(files, 'what is in force');
}

async function loaded(directory: string): Promise<Loaded> {
  const { readArtefacts } = await import('@writ/server/artefacts');
  return loadedFrom(readArtefacts(directory), directory);
}

async function loadedFrom(files: readonly SourceFile[], what: string): Promise<Loaded> {
  const { sha256 } = await import('@writ/server/artefacts');
  const found = loadForPlan(files, sha256);
  if (found.set !== null) return { ...found, set: found.set };
  for (const problem of found.problems) say(clean(formatProblem(problem)));
  throw new CommandFailure('failure', `${what} does not load`);
}

/** Undefined where it was not said. */
export function budgetOf({ budget }: { readonly budget?: string }): number | undefined {
  if (budget === undefined) return undefined;
  if (/^\d{1,9}$/.test(budget)) return Number(budget);
  throw new CommandFailure('usage', '`--budget` is a whole number of case splits');
}

function leave({ changes, outside }: PlanReport): void {
  const widens = changes.filter(({ verdict }) => verdict !== 'same' && verdict !== 'narrower');
  if (widens.length > 0)
    throw new CommandFailure(
      'widened',
      `${widens.map(({ flow }) => flow).join(', ')}: widens, or could not be proved not to`,
    );
  if (changes.length > 0 || outside.length > 0)
    throw new CommandFailure('changed', 'something changes, and no flow is proved or feared to widen');
}

function asJson({ changes, outside, assumed }: PlanReport): object {
  return {
    changes: changes.map((change) => ({
      flow: change.flow,
      change: change.change,
      verdict: change.verdict,
      stages: change.stages,
      rules: change.rules,
      from: change.from,
      to: change.to,
      differences: change.differences,
      witness: witnessOf(change),
      narrower: change.narrower === null ? null : tell(change.narrower, 'narrower'),
      because: change.because,
      nodes: change.nodes,
    })),
    outside,
    assumed,
  };
}

/** What shows the verdict: a request newly issued, or where there is none, one newly refused. */
function witnessOf({ wider, narrower }: FlowChange): object | null {
  if (wider !== null) return tell(wider, 'wider');
  return narrower === null ? null : tell(narrower, 'narrower');
}
