import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { formatProblem, type LoadedForPlan, loadForPlan, type SourceFile } from '@writ/flow';
import type { Lack } from '@writ/prove';
import { CommandFailure } from '../exit-code.ts';
import { clean, say } from '../output/print.ts';
import { found } from './server.ts';

/** Flows with what stands around them, and with what does not. */
export interface Gathered {
  readonly set: NonNullable<LoadedForPlan['set']>;
  readonly files: readonly SourceFile[];
  readonly problems: LoadedForPlan['problems'];
  readonly assumed: readonly string[];
  readonly lacks: ReadonlySet<Lack>;
  /** the paths that were asked about, or null where it was all of them */
  readonly only: ReadonlySet<string> | null;
}

const KINDS: Readonly<Record<Lack, RegExp>> = {
  anchors: /^writ: anchor\/v1/m,
  audiences: /^writ: audiences\/v1/m,
  groups: /^writ: groups\/v1/m,
  people: /^writ: people\/v1/m,
};
const LACKS = ['anchors', 'audiences', 'groups', 'people'] as const satisfies readonly Lack[];

/** One directory, or files of one; where nothing is named, the directory around us. */
export async function gather(paths: readonly string[]): Promise<Gathered> {
  const { readArtefacts, sha256 } = await import('@writ/server/artefacts');
  const [first, ...more] = paths;
  const single = first === undefined || (more.length === 0 && isDirectory(first));
  const directory = single ? found(first) : houseOf(paths);
  const all = readArtefacts(directory);
  const named = single ? null : new Set(paths.map((path) => within(directory, path)));
  const complete = existsSync(join(directory, 'writ.yaml'));
  const files = named === null || complete ? all : all.filter(({ path }) => named.has(path));
  const missing = [...(named ?? [])].find((path) => !files.some((file) => file.path === path));
  if (missing !== undefined)
    throw new CommandFailure('usage', `\`${missing}\` is not an artefact of ${directory}`);
  const { set, problems, assumed } = loadForPlan(files, sha256);
  if (set === null) {
    for (const problem of problems) say(clean(formatProblem(problem)));
    throw new CommandFailure('failure', `${directory} does not load`);
  }
  const lacks = new Set(LACKS.filter((kind) => !files.some(({ text }) => KINDS[kind].test(text))));
  return { set, files, problems, assumed, lacks, only: named };
}

function isDirectory(path: string): boolean {
  if (!existsSync(path)) throw new CommandFailure('usage', `there is no \`${path}\``);
  return statSync(path).isDirectory();
}

/** The directory that the files belong to: the nearest one above with a `writ.yaml`, or the one they stand in. */
function houseOf(paths: readonly string[]): string {
  const directories = paths.filter(isDirectory);
  if (directories.length > 0) throw new CommandFailure('usage', 'name one directory, or files of one');
  const houses = new Set(paths.map((path) => houseAbove(resolve(path)) ?? dirname(path)));
  const [house, other] = houses;
  if (house === undefined || other !== undefined)
    throw new CommandFailure('usage', 'the files are of several directories; name those of one');
  return house;
}

function houseAbove(file: string): string | null {
  for (let at = dirname(file); ; at = dirname(at)) {
    if (existsSync(join(at, 'writ.yaml'))) return relative('.', at) === '' ? '.' : relative('.', at);
    if (dirname(at) === at) return null;
  }
}

function within(directory: string, path: string): string {
  return relative(resolve(directory), resolve(path)).split(sep).join('/');
}
