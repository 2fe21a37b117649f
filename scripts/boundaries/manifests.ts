import type { Manifest, Violation } from './rules.ts';
import { borders } from './table.ts';

export interface Project {
  readonly references?: readonly { readonly path: string }[];
}

/** That a package's package.json and tsconfig.json open no door the table keeps shut, and build in the right order. */
export function checkManifest(name: string, manifest: Manifest, project: Project): Violation[] {
  const border = borders[name];
  const path = `packages/${name}/package.json`;
  if (border === undefined) return [{ path, line: 1, message: 'has no row in scripts/boundaries/table.ts' }];

  const workspace = [...border.imports, ...(border.dynamic ?? []).map((entry) => entry.split('/')[1] ?? '')];
  const allowed = new Set([...workspace.map((each) => `@writ/${each}`), ...(border.external ?? [])]);
  const excess = Object.keys(manifest.dependencies ?? {}).filter((each) => !allowed.has(each));
  const devExcess = Object.keys(manifest.devDependencies ?? {}).filter((each) => each.startsWith('@writ/'));
  const references = (project.references ?? []).map((each) => each.path.replace('../', ''));
  return [
    ...excess.map((each) => ({ path, line: 1, message: `may not depend on \`${each}\`: ${border.why}` })),
    ...devExcess.map((each) => ({
      path,
      line: 1,
      message: `\`${each}\` belongs in dependencies, or its test in test/`,
    })),
    ...difference(workspace, references).map((each) => ({
      path: `packages/${name}/tsconfig.json`,
      line: 1,
      message: `references must be those of scripts/boundaries/table.ts: \`${each}\` differs`,
    })),
  ];
}

function difference(a: readonly string[], b: readonly string[]): string[] {
  return [...a.filter((each) => !b.includes(each)), ...b.filter((each) => !a.includes(each))];
}
