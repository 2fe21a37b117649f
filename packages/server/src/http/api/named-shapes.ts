import type { TSchema } from 'typebox';

/** Every shape that has a name, wherever in `shapes` it is, once; in each of them the others are references. */
export function namedShapes(shapes: readonly TSchema[]): readonly TSchema[] {
  const found = new Map<string, TSchema>();
  for (const shape of shapes) collect(shape, found);
  return [...found.values()];
}

export function nameOf(shape: TSchema): string | null {
  const name: unknown = Reflect.get(shape, '$id');
  return typeof name === 'string' ? name : null;
}

/** What stands for `value` inside another shape. */
function collect(value: unknown, found: Map<string, TSchema>): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => collect(each, found));
  if (typeof value !== 'object' || value === null) return value;
  const name = nameOf(value);
  if (name === null) return membersOf(value, found);
  if (!found.has(name)) {
    found.set(name, {});
    found.set(name, membersOf(value, found));
  }
  return { $ref: `${name}#` };
}

function membersOf(value: object, found: Map<string, TSchema>): TSchema {
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]: [string, unknown]) => [member, collect(inner, found)]),
  );
}
