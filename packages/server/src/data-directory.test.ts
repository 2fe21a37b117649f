import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataDirectory, writePrivate } from './data-directory.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'writ-data-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('a new directory and its master key are for their owner alone', () => {
  const data = openDataDirectory(join(parent, 'a/b'));
  const key = data.masterKey();
  expect(key.length).toBe(32);
  expect(modeOf(data.path)).toBe(0o700);
  expect(modeOf(join(data.path, 'master.key'))).toBe(0o600);
});

test('the master key stays what it is', () => {
  const key = openDataDirectory(parent).masterKey();
  expect(openDataDirectory(parent).masterKey().equals(key)).toBe(true);
  expect(readFileSync(join(parent, 'master.key'), 'utf8').trim()).toBe(key.toString('base64'));
});

test('opening makes no key; asking for it does', () => {
  const data = openDataDirectory(parent);
  expect(existsSync(join(parent, 'master.key'))).toBe(false);
  data.masterKey();
  expect(existsSync(join(parent, 'master.key'))).toBe(true);
});

test.each([0o640, 0o604, 0o620, 0o660, 0o666])(
  'a master key of mode %o is refused, and the help says what to do',
  (mode) => {
    openDataDirectory(parent).masterKey();
    chmodSync(join(parent, 'master.key'), mode);
    expect(() => openDataDirectory(parent).masterKey()).toThrow(/chmod 600/);
  },
);

test.each([
  '',
  'short',
  'x'.repeat(44),
  Buffer.alloc(31).toString('base64'),
  Buffer.alloc(33).toString('base64'),
])('a master key file of `%s` is refused', (text) => {
  writeFileSync(join(parent, 'master.key'), text, { mode: 0o600 });
  expect(() => openDataDirectory(parent).masterKey()).toThrow(/does not hold 32 bytes/);
});

test('a lost master key is not made anew beside a store whose keys are sealed under it', () => {
  writeFileSync(join(parent, 'writ.db'), '');
  expect(() => openDataDirectory(parent).masterKey()).toThrow(/restore it from your backup/);
  expect(existsSync(join(parent, 'master.key'))).toBe(false);
});

test('what is written privately is private, also over a file that was not', () => {
  const path = join(parent, 'file');
  writeFileSync(path, 'before', { mode: 0o644 });
  writePrivate(path, 'after');
  expect(readFileSync(path, 'utf8')).toBe('after');
  expect(modeOf(path)).toBe(0o600);
});
