/** A member of a JSON value, by its path; undefined where there is none. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );
}

/** The same, where a text is expected; empty where there is none. */
export function text(value: unknown, ...path: readonly string[]): string {
  const found = member(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** The same, where a list is expected; empty where there is none. */
export function list(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found: unknown = member(value, ...path);
  return Array.isArray(found) ? found : [];
}
