import { describe, expect, test } from 'vitest';

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

export interface Step {
  readonly op: 'add' | 'remove' | 'replace' | 'move';
  readonly path: string;
  readonly from?: string;
  readonly value?: Plain;
}

/** JSON Patch (RFC 6902), as far as the changes use it. */
export function patched(document: Plain, steps: readonly Step[]): Plain {
  return steps.reduce((before, { op, path, from = '', value = null }) => {
    switch (op) {
      case 'add':
        return edited(before, keysOf(path), () => value);
      case 'remove':
        return edited(before, keysOf(path), () => undefined, true);
      case 'replace':
        return edited(before, keysOf(path), () => value, true);
      case 'move': {
        let moved: Plain | undefined;
        const without = edited(
          before,
          keysOf(from),
          (was) => {
            moved = was;
            return undefined;
          },
          true,
        );
        return edited(without, keysOf(path), () => moved);
      }
    }
  }, document);
}

function keysOf(path: string): readonly string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Edit = (was: Plain | undefined) => Plain | undefined;

function edited(document: Plain, [key = '', ...rest]: readonly string[], edit: Edit, there = false): Plain {
  const inner = (value: Plain | undefined): Plain | undefined => {
    if (rest.length === 0) return edit(value);
    if (value === undefined) throw new Error(`nothing at ${key}`);
    return edited(value, rest, edit, there);
  };
  if (Array.isArray(document)) {
    const at = key === '-' ? document.length : Number(key);
    const insert = rest.length === 0 && !there;
    if (!insert && document[at] === undefined) throw new Error(`nothing at ${key}`);
    const value = inner(insert ? undefined : document[at]);
    return document.toSpliced(at, insert ? 0 : 1, ...(value === undefined ? [] : [value]));
  }
  if (typeof document !== 'object' || document === null) throw new Error(`nothing at ${key}`);
  if (there && document[key] === undefined) throw new Error(`nothing at ${key}`);
  const value = inner(document[key]);
  const others = Object.entries(document).filter(([name]) => name !== key);
  const at = Object.keys(document).indexOf(key);
  if (value === undefined) return Object.fromEntries(others);
  return Object.fromEntries(others.toSpliced(at < 0 ? others.length : at, 0, [key, value]));
}

describe('JSON Patch, as the changes are written', () => {
  const document = { a: [1, 2], b: { c: 'x' } };

  test.each<[string, Step, Plain]>([
    ['adds at the end of a list', { op: 'add', path: '/a/-', value: 3 }, { a: [1, 2, 3], b: { c: 'x' } }],
    ['removes a member', { op: 'remove', path: '/b/c' }, { a: [1, 2], b: {} }],
    ['replaces an item', { op: 'replace', path: '/a/0', value: 9 }, { a: [9, 2], b: { c: 'x' } }],
    ['moves an item', { op: 'move', from: '/a/0', path: '/a/1' }, { a: [2, 1], b: { c: 'x' } }],
    ['moves a member', { op: 'move', from: '/b/c', path: '/b/d' }, { a: [1, 2], b: { d: 'x' } }],
  ])('%s', (_, step, after) => {
    expect(patched(document, [step])).toEqual(after);
  });

  test('refuses a place that is not there', () => {
    expect(() => patched(document, [{ op: 'remove', path: '/a/7' }])).toThrow('nothing at 7');
    expect(() => patched(document, [{ op: 'replace', path: '/b/z', value: 1 }])).toThrow('nothing at z');
  });
});
