import { globSync, readFileSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { findCycles } from './cycles.ts';
import { checkManifest, type Project } from './manifests.ts';
import { readSource, type Source } from './read.ts';
import { checkSource, type Manifest, placeOf, type Violation } from './rules.ts';

const places = ['packages/*/src', 'scripts', 'test', 'demo', 'bench', 'examples'];

/** Every broken border under `root`, a directory laid out as this repository. */
export function checkTree(root: string): Violation[] {
  const read = (path: string) => readFileSync(resolve(root, path), 'utf8');
  const json = (path: string) => JSON.parse(read(path)) as Manifest & Project;

  const names = globSync('packages/*/package.json', { cwd: root }).map((path) => path.split('/')[1] ?? '');
  const manifests = new Map([
    ['', json('package.json')],
    ...names.map((name) => [name, json(`packages/${name}/package.json`)] as const),
  ]);
  const sources = new Map<string, Source>();
  for (const path of globSync(
    places.map((place) => `${place}/**/*.ts`),
    { cwd: root },
  ).sort()) {
    if (!path.includes('node_modules') && !path.endsWith('.d.ts'))
      sources.set(path, readSource(path, read(path)));
  }

  return [
    ...names.flatMap((name) =>
      checkManifest(name, manifests.get(name) ?? {}, json(`packages/${name}/tsconfig.json`)),
    ),
    ...[...sources].flatMap(([path, source]) => checkSource(path, source, manifests)),
    ...findCycles(relativeImports(sources)).map((cycle) => ({
      path: cycle[0] ?? '',
      line: 1,
      message: `imports itself: ${[...cycle, cycle[0] ?? ''].map((path) => placeOf(path).inside).join(' → ')}`,
    })),
  ];
}

function relativeImports(sources: ReadonlyMap<string, Source>): Map<string, string[]> {
  const targets = ([path, { mentions }]: [string, Source]): [string, string[]] => [
    path,
    mentions.flatMap(({ module }) =>
      module?.startsWith('.') === true ? [posix.join(posix.dirname(path), module)] : [],
    ),
  ];
  return new Map([...sources].map(targets));
}

if (import.meta.main) {
  const violations = checkTree(resolve(import.meta.dirname, '../..'));
  for (const { path, line, message } of violations) console.error(`${path}:${line}  ${message}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
