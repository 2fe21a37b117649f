import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import type { Mention, Source } from './read.ts';
import {
  borders,
  composers,
  composerWhy,
  hostGlobals,
  places,
  pluggable,
  testOnly,
  unseen,
} from './table.ts';

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** The parts of a package.json that say what may be imported. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Where a source file stands: a package's file, its test, or (package `undefined`) scripts, demo, bench, examples, test. */
interface Place {
  readonly path: string;
  readonly package: string | undefined;
  /** Path within the package's `src`. */
  readonly inside: string;
  readonly test: boolean;
}

const scope = '@writ/';

export function placeOf(path: string): Place {
  const [, name, inside] = /^packages\/([^/]+)\/src\/(.+)$/u.exec(path) ?? [];
  return { path, package: name, inside: inside ?? path, test: path.endsWith('.test.ts') };
}

/** Every broken rule of one file. `manifests` is by package name, the root's under the empty name. */
export function checkSource(
  path: string,
  source: Source,
  manifests: ReadonlyMap<string, Manifest>,
): Violation[] {
  const place = placeOf(path);
  const violations: Violation[] = [];
  const refuse = (line: number, message: string) => violations.push({ path, line, message });

  for (const error of source.errors) refuse(1, `does not parse: ${error}`);
  for (const { text, line } of source.silences) refuse(line, `\`${text}\` needs a reason after \` -- \``);
  for (const mention of source.mentions) {
    const reason = refusal(place, mention, manifests);
    if (reason !== undefined) refuse(mention.line, reason);
  }
  const border = place.package === undefined ? undefined : borders[place.package];
  if (border?.host === false && !place.test) {
    for (const { name, line } of source.host) {
      refuse(
        line,
        `\`${name}\` reaches the host: ${hostGlobals.get(name)}; of ${place.package}: ${border.why}`,
      );
    }
  }
  return violations;
}

function refusal(
  place: Place,
  mention: Mention,
  manifests: ReadonlyMap<string, Manifest>,
): string | undefined {
  const { module } = mention;
  if (module === undefined) return 'a computed module name cannot be checked: name the module';
  if (module.startsWith('.')) return refuseRelative(place, module);
  if (unseen.has(module) && place.package !== undefined)
    return `\`${module}\` is not for use: it would hide imports from this check`;
  if (module.startsWith('node:')) return refuseBuiltin(place, module);
  if (builtinModules.includes(module)) return `write \`node:${module}\``;
  if (place.package === undefined) return refuseUndeclared(place, nameOf(module), manifests);
  return (
    refusePluggable(place, module) ??
    (module.startsWith(scope) ? refuseWorkspace(place, mention, module) : refuseExternal(place, module)) ??
    refuseUndeclared(place, nameOf(module), manifests)
  );
}

function refuseRelative(place: Place, module: string): string | undefined {
  const target = posix.join(posix.dirname(place.path), module);
  if (place.package === undefined) {
    return target.startsWith('packages/')
      ? `\`${module}\` reaches into a package: import \`${scope}…\``
      : undefined;
  }
  const src = `packages/${place.package}/src/`;
  if (!target.startsWith(src)) return `\`${module}\` leaves the package: import it by name`;
  if (place.test) return undefined;
  const inside = target.slice(src.length);
  const driver = places.find(
    (rule) =>
      rule.package === place.package && inside.startsWith(rule.only) && !place.inside.startsWith(rule.only),
  );
  return driver && `\`${module}\` is in ${driver.only}, which only its own files name: ${driver.why}`;
}

function refuseBuiltin(place: Place, module: string): string | undefined {
  if (place.package === undefined || place.test) return undefined;
  const border = borders[place.package];
  if (border?.builtins === false) return `${place.package} may not import \`${module}\`: ${border.why}`;
  return refusePlace(place, module);
}

function refusePlace(place: Place, module: string): string | undefined {
  const rule = places.find((each) => each.package === place.package && each.module === nameOf(module));
  if (rule === undefined || place.inside.startsWith(rule.only)) return undefined;
  return `\`${module}\` may be named in ${rule.only} only: ${rule.why}`;
}

function refusePluggable(place: Place, module: string): string | undefined {
  const [name = '', ...entry] = module.slice(scope.length).split('/');
  if (!module.startsWith(scope) || entry.length === 0 || !pluggable.has(name)) return undefined;
  const exempt = place.test || composers.has(place.path) || testOnly.has(place.package ?? '');
  return exempt ? undefined : `\`${module}\`: ${composerWhy}`;
}

function refuseWorkspace(place: Place, mention: Mention, module: string): string | undefined {
  const name = nameOf(module).slice(scope.length);
  const border = borders[place.package ?? ''];
  if (border === undefined) return `package ${place.package} has no row in scripts/boundaries/table.ts`;
  if (name === place.package) return `\`${module}\` is this package itself: import the file`;
  if (place.test || border.imports.includes(name)) return undefined;
  if (mention.dynamic && border.dynamic?.includes(module) === true) return undefined;
  return `${place.package} may not import \`${module}\`: ${testOnly.has(name) ? 'it is for tests' : border.why}`;
}

function refuseExternal(place: Place, module: string): string | undefined {
  if (place.test) return undefined;
  const name = nameOf(module);
  const border = borders[place.package ?? ''];
  if (border?.external?.includes(name) === true) return refusePlace(place, module);
  return `${place.package} may not depend on \`${name}\`: ${border?.why ?? 'it has no row in scripts/boundaries/table.ts'}`;
}

function refuseUndeclared(
  place: Place,
  name: string,
  manifests: ReadonlyMap<string, Manifest>,
): string | undefined {
  const root = manifests.get('');
  const own = manifests.get(place.package ?? '');
  if (place.package === undefined && name.startsWith(scope)) return undefined;
  // Test tools are declared once, at the root; a shipped file's imports must come with its package.
  const tools =
    place.test || place.package === undefined || name === 'vitest' ? root?.devDependencies : undefined;
  const dev = place.test ? own?.devDependencies : undefined;
  const declared = [own?.dependencies, dev, tools].some(
    (names) => names !== undefined && Object.hasOwn(names, name),
  );
  return declared
    ? undefined
    : `\`${name}\` is not declared in ${place.package === undefined ? 'the root' : 'its'} package.json`;
}

/** The package part of a module name: `@a/b/c` is of `@a/b`, `d/e` of `d`. */
function nameOf(module: string): string {
  return module.split('/', module.startsWith('@') ? 2 : 1).join('/');
}
