/**
 * Patterns of `match` (law 9): `*` matches zero or more characters, never crosses `/`, stands at most once in a segment
 * and never makes a whole segment empty. Everything else is exact.
 */
export interface Pattern {
  readonly segments: readonly { readonly prefix: string; readonly suffix: string; readonly open: boolean }[];
}

/** What is wrong with a pattern, or null. */
export function patternProblem(pattern: string): string | null {
  const crowded = pattern.split('/').find((segment) => segment.split('*').length > 2);
  return crowded === undefined ? null : `\`${crowded}\` has more than one \`*\`; a segment may have one`;
}

/** Compiles a pattern that `patternProblem` found nothing in. */
export function compilePattern(pattern: string): Pattern {
  const segments = pattern.split('/').map((segment) => {
    const [prefix = '', suffix] = segment.split('*');
    return { prefix, suffix: suffix ?? '', open: suffix !== undefined };
  });
  return { segments };
}

export function matchesPattern(pattern: Pattern, value: string): boolean {
  const parts = value.split('/');
  if (parts.length !== pattern.segments.length) return false;
  return pattern.segments.every(({ prefix, suffix, open }, i) => {
    const part = parts[i] ?? '';
    if (!open) return part === prefix;
    return (
      part !== '' &&
      part.length >= prefix.length + suffix.length &&
      part.startsWith(prefix) &&
      part.endsWith(suffix)
    );
  });
}
