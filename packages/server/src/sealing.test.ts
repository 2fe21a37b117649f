import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSealer, deriveKey } from './sealing.ts';

const key = deriveKey(Buffer.alloc(32, 1), 'sealing');
const sealer = createSealer(key);
const secret = Buffer.from('a secret of some length');

test('what is sealed opens under the same key and context, and nowhere shows', () => {
  const sealed = sealer.seal(secret, 'here');
  expect(Buffer.from(sealer.open(sealed, 'here')).equals(secret)).toBe(true);
  expect(Buffer.from(sealed.slice(3), 'base64url').includes(secret)).toBe(false);
  expect(sealer.seal(secret, 'here')).not.toBe(sealed);
});

test.each(['there', 'here ', '', 'Here'])('what was sealed for `here` does not open for `%s`', (context) => {
  expect(() => sealer.open(sealer.seal(secret, 'here'), context)).toThrow(/does not open/);
});

test('what was sealed under another master key, or for another purpose, does not open', () => {
  for (const other of [
    deriveKey(Buffer.alloc(32, 2), 'sealing'),
    deriveKey(Buffer.alloc(32, 1), 'dpop-nonce'),
  ]) {
    expect(() => createSealer(other).open(sealer.seal(secret, 'here'), 'here')).toThrow(/does not open/);
  }
});

test('no changed bit of it opens, and none that is cut off', () => {
  const sealed = sealer.seal(secret, 'here');
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => sealer.open(`v1.${changed.toString('base64url')}`, 'here')).toThrow(/does not open/);
    expect(() => sealer.open(`v1.${bytes.subarray(0, at).toString('base64url')}`, 'here')).toThrow(
      /does not open/,
    );
  }
  for (const text of [
    '',
    'v1.',
    'v2.x',
    sealed.slice(3),
    `v2.${sealed.slice(3)}`,
    randomBytes(64).toString('base64url'),
  ]) {
    expect(() => sealer.open(text, 'here')).toThrow(/does not open/);
  }
});

test('a failure names neither key nor secret', () => {
  const failure = (() => {
    try {
      return sealer.open(sealer.seal(secret, 'here'), 'there');
    } catch (error) {
      return error;
    }
  })();
  expect(String(failure)).not.toContain(secret.toString());
  expect(failure).toMatchObject({ code: 'verification-failed' });
});

test('keys of two purposes have nothing in common', () => {
  const master = randomBytes(32);
  const keys = ['sealing', 'identity-tag', 'dpop-nonce'].map((purpose) =>
    deriveKey(master, purpose).toString('hex'),
  );
  expect(new Set(keys).size).toBe(3);
  expect(keys).not.toContain(master.toString('hex'));
});
