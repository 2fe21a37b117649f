/** The names that conditions start from. */
export const ROOTS = ['request', 'identity', 'evidence', 'facts'] as const;

const WORDS = new Set(['true', 'false', 'if', 'then', 'else', 'has', 'like']);
const FUNCTIONS = new Set(['duration', 'datetime', 'decimal']);
const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|&&|\|\||[!=<>]=|[!<>.,()[\]-]|[^]/gu;
const PUNCTUATION = /^(?:&&|\|\||[!=<>]=|[!<>.,()[\]-])$/;

export interface Rewritten {
  /** the expression with `context.` before each root */
  readonly cedar: string;
  /** offset in the original text of an offset in `cedar`; both in UTF-16 units */
  readonly original: (offset: number) => number;
}

export interface RewriteProblem {
  readonly at: number;
  readonly message: string;
}

/**
 * Turns an expression over our roots into one over Cedar's `context`, and refuses every token that the subset has no use
 * for (braces, semicolons, comments, operators of entities and arithmetic), so that nothing can leave the clause it is
 * put into.
 */
export function rewrite(text: string): Rewritten | RewriteProblem {
  let cedar = '';
  let previous = '';
  const inserted: number[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    const at = match.index;
    if (/^\s+$/.test(token)) {
      cedar += token;
      continue;
    }
    if (/^[A-Za-z_]/.test(token)) {
      const attribute = previous === '.' || previous === 'has';
      if (!attribute && isRoot(token)) {
        inserted.push(cedar.length);
        cedar += 'context.';
      } else if (
        !attribute &&
        !WORDS.has(token) &&
        !(FUNCTIONS.has(token) && /^\s*\(/.test(text.slice(at + token.length)))
      ) {
        return { at, message: `\`${token}\` is not known here; a condition starts from ${ROOTS.join(', ')}` };
      }
    } else if (!/^["0-9]/.test(token) && !PUNCTUATION.test(token)) {
      return { at, message: `\`${token}\` has no place in a condition` };
    } else if (token === '"') {
      return { at, message: 'this text has no closing quote' };
    }
    cedar += token;
    previous = token;
  }
  return { cedar, original: (offset) => back(offset, inserted, text.length) };
}

function isRoot(token: string): boolean {
  return ROOTS.some((root) => root === token);
}

function back(offset: number, inserted: readonly number[], length: number): number {
  let shift = 0;
  for (const at of inserted) {
    if (offset >= at + 'context.'.length) shift += 'context.'.length;
    else if (offset > at) return at - shift;
  }
  return Math.max(0, Math.min(offset - shift, length));
}
