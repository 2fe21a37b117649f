import { expect, test } from 'vitest';
import { completeLockfile, lockfileMistakes } from './lockfile.ts';

const tool = {
  version: '1.0.0',
  dev: true,
  optionalDependencies: { '@t/linux-x64-musl': '1.0.0', '@t/darwin-arm64': '1.0.0', colours: '1.0.0' },
};

test('a platform package without an entry is a mistake, another optional dependency is not', () => {
  expect(lockfileMistakes({ 'node_modules/tool': tool })).toEqual([
    '`node_modules/@t/linux-x64-musl` is missing: run `npm run fix:lockfile`',
    '`node_modules/@t/darwin-arm64` is missing: run `npm run fix:lockfile`',
  ]);
});

test('completing adds the platforms with what npm needs to skip them elsewhere', () => {
  const complete = completeLockfile({ 'node_modules/tool': tool });
  expect(lockfileMistakes(complete)).toEqual([]);
  expect(complete['node_modules/@t/linux-x64-musl']).toEqual({
    version: '1.0.0',
    dev: true,
    optional: true,
    os: ['linux'],
    cpu: ['x64'],
    libc: ['musl'],
  });
});

test('an address is a mistake, a workspace link is not', () => {
  expect(lockfileMistakes({ 'node_modules/a': { version: '1.0.0', resolved: 'x' } })).toHaveLength(1);
  expect(lockfileMistakes({ 'node_modules/@writ/core': { resolved: 'packages/core', link: true } })).toEqual(
    [],
  );
});
