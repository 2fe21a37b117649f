import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkTree } from './check.ts';
import { borders } from './table.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'boundaries-'));
  write('package.json', JSON.stringify({ devDependencies: { '@writ/testkit': '0.0.0', vitest: '1.0.0' } }));
  for (const [name, { imports, dynamic, external }] of Object.entries(borders)) {
    const workspace = [...imports, ...(dynamic ?? []).map((entry) => entry.split('/')[1])];
    const dependencies = Object.fromEntries(
      [...workspace.map((each) => `@writ/${each}`), ...(external ?? [])].map((each) => [each, '0.0.0']),
    );
    write(`packages/${name}/package.json`, JSON.stringify({ dependencies }));
    write(
      `packages/${name}/tsconfig.json`,
      JSON.stringify({ references: workspace.map((each) => ({ path: `../${each}` })) }),
    );
  }
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** What the check says when `path` holds `text`, as `line message`. */
function check(path: string, text: string): string[] {
  write(path, text);
  return checkTree(root).map((violation) => {
    expect(violation.path).toBe(path);
    return `${violation.line} ${violation.message}`;
  });
}

describe('the table', () => {
  test('an empty tree breaks nothing', () => {
    expect(checkTree(root)).toEqual([]);
  });

  test('has no cycle', () => {
    const above = (name: string, path: readonly string[]): void => {
      expect(path, name).not.toContain(name);
      for (const next of borders[name]?.imports ?? []) above(next, [...path, name]);
    };
    for (const name of Object.keys(borders)) above(name, []);
  });
});

describe('imports across packages', () => {
  test.each([
    ['import', `import { a } from '@writ/engine';`],
    ['import for side effects', `import '@writ/engine';`],
    ['import of a type', `import type { A } from '@writ/engine';`],
    ['export from', `export { a } from '@writ/engine';`],
    ['export all', `export * from '@writ/engine';`],
    ['dynamic import', `export const a = () => import('@writ/engine');`],
    ['import type expression', `export type A = import('@writ/engine').A;`],
  ])('what the table does not allow is refused: %s', (_form, text) => {
    expect(check('packages/store/src/a.ts', `\n${text}\n`)).toEqual([
      expect.stringMatching(/^2 store may not import `@writ\/engine`: /u),
    ]);
  });

  test('a word in a comment or a string is not an import', () => {
    expect(
      check('packages/core/src/a.ts', `// import '@writ/engine'\nexport const a = "import '@writ/engine'";`),
    ).toEqual([]);
  });

  test('what the table allows passes', () => {
    expect(check('packages/engine/src/a.ts', `import { a } from '@writ/flow'; export { a };`)).toEqual([]);
  });

  test('the cli loads the server dynamically only', () => {
    expect(check('packages/cli/src/a.ts', `export const a = () => import('@writ/server/commands');`)).toEqual(
      [],
    );
    expect(check('packages/cli/src/a.ts', `import '@writ/server/commands';`)).toHaveLength(1);
    expect(check('packages/cli/src/a.ts', `export const a = () => import('@writ/server');`)).toHaveLength(1);
  });

  test('a relative path out of the package is refused', () => {
    expect(check('packages/engine/src/a.ts', `import '../../flow/src/b.ts';`)).toEqual([
      expect.stringContaining('leaves the package'),
    ]);
  });

  test('a relative path into a package is refused', () => {
    expect(check('test/a.test.ts', `import '../packages/flow/src/b.ts';`)).toEqual([
      expect.stringContaining('reaches into a package'),
    ]);
  });

  test('a package does not import itself by name', () => {
    expect(check('packages/core/src/a.ts', `import '@writ/core';`)).toEqual([
      expect.stringContaining('this package itself'),
    ]);
  });

  test('a computed module name is refused', () => {
    expect(check('packages/server/src/a.ts', 'export const a = (x: string) => import(x);')).toEqual([
      expect.stringContaining('computed'),
    ]);
  });

  test('ways around the check are refused', () => {
    expect(
      check('packages/server/src/a.ts', `import { createRequire } from 'node:module'; createRequire('x');`),
    ).toHaveLength(1);
    expect(check('packages/server/src/a.ts', `require('@writ/cli');`)).toHaveLength(1);
  });
});

describe('plug-ins and drivers', () => {
  const text = `import '@writ/store/sqlite'; import '@writ/attest/oidc';`;

  test('are named by compose.ts, tests and the testkit', () => {
    for (const path of ['server/src/compose.ts', 'server/src/a.test.ts', 'testkit/src/world.ts']) {
      expect(check(`packages/${path}`, text)).toEqual([]);
    }
  });

  test('are not named elsewhere', () => {
    expect(check('packages/server/src/http/a.ts', text)).toEqual([
      expect.stringContaining('only packages/server/src/compose.ts'),
      expect.stringContaining('only packages/server/src/compose.ts'),
    ]);
  });

  test('a driver stays in its folder', () => {
    expect(check('packages/store/src/postgres/a.ts', `import 'pg';`)).toEqual([]);
    expect(check('packages/store/src/a.ts', `import 'pg';`)).toEqual([
      expect.stringContaining('postgres/ only'),
    ]);
    expect(check('packages/store/src/a.ts', `import 'node:sqlite';`)).toEqual([
      expect.stringContaining('sqlite/ only'),
    ]);
    expect(check('packages/store/src/a.ts', `import './sqlite/sqlite.ts';`)).toEqual([
      expect.stringContaining('sqlite/'),
    ]);
    expect(check('packages/store/src/a.ts', `import 'vitest';`)).toEqual([
      expect.stringContaining('conformance/ only'),
    ]);
  });
});

describe('external modules', () => {
  test('outside the table are refused', () => {
    expect(check('packages/client/src/a.ts', `import 'fastify';`)).toEqual([
      expect.stringContaining('client may not depend on `fastify`'),
    ]);
    expect(check('packages/client/src/a.ts', `import '@x/y/z';`)).toEqual([
      expect.stringContaining('`@x/y`'),
    ]);
  });

  test('in the table but not in package.json are refused', () => {
    write('packages/flow/package.json', '{}');
    expect(check('packages/flow/src/a.ts', `import 'yaml';`)).toEqual([
      expect.stringContaining('`yaml` is not declared'),
    ]);
  });

  test('of scripts and whole-system tests are declared in the root', () => {
    expect(check('scripts/a.ts', `import 'vitest';`)).toEqual([]);
    expect(check('scripts/a.ts', `import 'chalk';`)).toEqual([
      expect.stringContaining('`chalk` is not declared in the root'),
    ]);
  });
});

describe('manifests', () => {
  test('a dependency outside the table is refused', () => {
    expect(check('packages/core/package.json', '{"dependencies":{"left-pad":"1.0.0"}}')).toEqual([
      expect.stringContaining('`left-pad`'),
    ]);
  });

  test('a workspace dependency for tests alone is refused', () => {
    expect(check('packages/core/package.json', '{"devDependencies":{"@writ/server":"0.0.0"}}')).toHaveLength(
      1,
    );
  });

  test('a missing project reference is refused', () => {
    expect(check('packages/flow/tsconfig.json', '{}')).toEqual([expect.stringContaining('`core` differs')]);
  });

  test('a package without a row is refused', () => {
    write('packages/extra/tsconfig.json', '{}');
    expect(check('packages/extra/package.json', '{}')).toEqual([expect.stringContaining('has no row')]);
  });
});

describe('the host', () => {
  test.each([
    'Date.now()',
    'new Date()',
    'new Date(...[])',
    'Date()',
    '[Date]',
    'Math.random()',
    "Math['random']()",
    'performance.now()',
    'crypto.randomUUID()',
    'process.env',
    "fetch('x')",
    'setTimeout(() => {}, 1)',
    'globalThis.Date',
    '{ crypto }',
  ])('is not reached by core: %s', (expression) => {
    expect(check('packages/core/src/a.ts', `export const a = ${expression};`)).toEqual([
      expect.stringContaining('reaches the host'),
    ]);
  });

  test.each([
    'new Date(0).toISOString()',
    "Date.parse('x')",
    'Math.floor(1.5)',
    '0 as unknown instanceof Date',
    '{ process: 1 }',
    '({} as { crypto: Date }).crypto',
    '(process: number) => process',
    '({ fetch }: { fetch: number }) => fetch',
  ])('has neighbours that are pure: %s', (expression) => {
    expect(check('packages/core/src/a.ts', `export const a = ${expression};`)).toEqual([]);
  });

  test('is reached by nobody below the plug-ins through node:*', () => {
    for (const name of ['core', 'ledger', 'flow', 'engine']) {
      write(`packages/${name}/src/a.ts`, `import 'node:fs';`);
      write(`packages/${name}/src/b.ts`, `import 'crypto';`);
    }
    expect(checkTree(root)).toHaveLength(8);
  });

  test('is open to tests and to the process around', () => {
    expect(
      check('packages/core/src/a.test.ts', `import 'node:fs'; import '@writ/testkit'; Date.now();`),
    ).toEqual([]);
    expect(check('packages/server/src/a.ts', `import 'node:fs'; Date.now();`)).toEqual([]);
  });
});

describe('inside a package', () => {
  test('a cycle is refused with its way', () => {
    write('packages/core/src/b.ts', `import './c.ts';`);
    write('packages/core/src/c.ts', `import type { A } from './a.ts'; export type C = A;`);
    expect(check('packages/core/src/a.ts', `import './b.ts';`)).toEqual([
      '1 imports itself: a.ts → b.ts → c.ts → a.ts',
    ]);
  });

  test('two ways to one file are not a cycle', () => {
    write('packages/core/src/b.ts', `import './c.ts';`);
    write('packages/core/src/c.ts', '');
    expect(check('packages/core/src/a.ts', `import './b.ts'; import './c.ts';`)).toEqual([]);
  });

  test('the testkit is for tests', () => {
    expect(check('packages/core/src/a.ts', `import '@writ/testkit';`)).toEqual([
      expect.stringContaining('it is for tests'),
    ]);
  });

  test('silencing a tool needs a reason', () => {
    expect(check('packages/core/src/a.ts', '\n// oxlint-disable-next-line no-var\nvar a;')).toEqual([
      expect.stringMatching(/^2 .*needs a reason/u),
    ]);
    expect(
      check('packages/core/src/a.ts', '// oxlint-disable-next-line no-var -- shows hoisting\nvar a;'),
    ).toEqual([]);
  });

  test('what does not parse is refused', () => {
    expect(check('packages/core/src/a.ts', 'const = 1;')).toEqual([
      expect.stringContaining('does not parse'),
    ]);
  });
});
