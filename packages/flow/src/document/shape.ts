import { parseDuration, parseInstant } from '@writ/core';
import { describe, type Node, type ScalarNode } from './node.ts';

/** Collects every mistake of a file; a shape that reports one returns undefined and the others go on. */
export type Report = (at: number, message: string) => void;

/** Reads a node into a value, or reports why it cannot be one. */
export type Shape<T> = (node: Node, report: Report) => T | undefined;

export interface Member<T> {
  readonly shape: Shape<T>;
  readonly required: boolean;
  readonly absent?: T;
}

export function required<T>(shape: Shape<T>): Member<T> {
  return { shape, required: true };
}

/** A member that may be left out, and what it then is. */
export function optional<T, A>(shape: Shape<T>, absent: A): Member<T | A> {
  return { shape, required: false, absent };
}

/** A text that is not empty. */
export const text: Shape<string> = (node, report) => {
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '') return node.value;
  report(node.at, `expected a text, found ${describe(node)}`);
  return undefined;
};

export const flag: Shape<boolean> = (node, report) => {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  report(node.at, `expected true or false, found ${describe(node)}`);
  return undefined;
};

export function whole(min: number, max: number): Shape<number> {
  return (node, report) => {
    if (node.kind === 'scalar' && typeof node.value === 'number' && node.value >= min && node.value <= max) {
      return node.value;
    }
    report(node.at, `expected a whole number from ${min} to ${max}, found ${describe(node)}`);
    return undefined;
  };
}

/** A duration such as `10m`, in seconds, longer than nothing. */
export const duration: Shape<number> = (node, report) => {
  const seconds = node.kind === 'scalar' && typeof node.value === 'string' ? parseDuration(node.value) : null;
  if (seconds !== null && seconds > 0) return seconds;
  report(node.at, `expected a duration such as 90s, 10m, 1h30m or 7d, found ${describe(node)}`);
  return undefined;
};

/** A date and time of RFC 3339 in UTC (`2027-06-30T00:00:00Z`), in milliseconds since the epoch. */
export const instant: Shape<number> = (node, report) => {
  const value = node.kind === 'scalar' && typeof node.value === 'string' ? parseInstant(node.value) : null;
  if (value !== null) return value;
  report(node.at, `expected a time such as 2027-06-30T00:00:00Z, found ${describe(node)}`);
  return undefined;
};

export function choice<const T extends string | number>(options: readonly T[]): Shape<T> {
  return (node, report) => {
    const found = options.find((option) => node.kind === 'scalar' && node.value === option);
    if (found === undefined)
      report(node.at, `expected one of ${options.join(', ')}, found ${describe(node)}`);
    return found;
  };
}

/** A text of a form; `what` completes "expected …". */
export function formed(form: RegExp, what: string): Shape<string> {
  return (node, report) => {
    if (node.kind === 'scalar' && typeof node.value === 'string' && form.test(node.value)) return node.value;
    report(node.at, `expected ${what}, found ${describe(node)}`);
    return undefined;
  };
}

/** A list; an item twice is a mistake where items are texts. */
export function list<T>(of: Shape<T>, most = 10_000): Shape<readonly T[]> {
  return (node, report) => {
    if (node.kind !== 'list') {
      report(node.at, `expected a list, found ${describe(node)}`);
      return undefined;
    }
    if (node.items.length > most) report(node.at, `more than ${most} items`);
    const items: T[] = [];
    let sound = node.items.length <= most;
    const seen = new Set<T>();
    for (const item of node.items) {
      const value = of(item, report);
      if (value === undefined) {
        sound = false;
        continue;
      }
      if (typeof value === 'string' && seen.has(value)) report(item.at, `\`${value}\` stands here twice`);
      seen.add(value);
      items.push(value);
    }
    return sound ? items : undefined;
  };
}

/** A map from names to values of one shape, in the file's order. */
export function dictionary<T>(name: RegExp, of: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (node, report) => {
    if (node.kind !== 'map') {
      report(node.at, `expected a map, found ${describe(node)}`);
      return undefined;
    }
    const result: Record<string, T> = {};
    let sound = true;
    for (const entry of node.entries) {
      if (!name.test(entry.key)) {
        report(entry.keyAt, `\`${entry.key}\` is not a name`);
        sound = false;
      }
      const value = of(entry.value, report);
      if (value === undefined) sound = false;
      else result[entry.key] = value;
    }
    return sound ? result : undefined;
  };
}

type Members<T> = { readonly [K in keyof T]: Member<T[K]> };

/** A closed map: unknown members are mistakes, and so are missing required ones. Names in `members` are those of the file. */
export function object<T extends object>(members: Members<T>): Shape<T> {
  const names = Object.keys(members);
  return (node, report) => {
    if (node.kind !== 'map') {
      report(node.at, `expected a map with ${names.join(', ')}, found ${describe(node)}`);
      return undefined;
    }
    let sound = true;
    for (const entry of node.entries) {
      if (names.includes(entry.key)) continue;
      report(entry.keyAt, `unknown key \`${entry.key}\`${nearest(entry.key, names)}`);
      sound = false;
    }
    const result: Partial<T> = {};
    for (const name in members) {
      const member = members[name];
      const entry = node.entries.find(({ key }) => key === name);
      if (entry === undefined && member.required) report(node.at, `\`${name}\` is missing`);
      const value = entry === undefined ? member.absent : member.shape(entry.value, report);
      if (value !== undefined) result[name] = value;
      else if (entry !== undefined || member.required) sound = false;
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every member is set, or `sound` is false
    return sound ? (result as T) : undefined;
  };
}

/** `; did you mean …?` for a slip of the pen, and otherwise all there are. */
export function nearest(wrong: string, names: readonly string[]): string {
  const close = names.find((name) => distance(wrong, name) <= Math.max(1, Math.floor(name.length / 4)));
  return close === undefined ? `; expected ${names.join(', ')}` : `; did you mean \`${close}\`?`;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Applies `check` to what `shape` read; `check` returns undefined after reporting. */
export function refine<T, U>(
  shape: Shape<T>,
  check: (value: T, node: Node, report: Report) => U | undefined,
): Shape<U> {
  return (node, report) => {
    const value = shape(node, report);
    return value === undefined ? undefined : check(value, node, report);
  };
}

/** Any scalar with its place. */
export const placed: Shape<ScalarNode> = (node, report) => {
  if (node.kind === 'scalar' && typeof node.value === 'string') return node;
  report(node.at, `expected an expression as text (quote it), found ${describe(node)}`);
  return undefined;
};
