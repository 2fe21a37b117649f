import { isWellFormed } from '@writ/core';

/** The names that conditions start from. */
export const ROOTS = ['request', 'identity', 'evidence', 'facts'] as const;

const WORDS = new Set(['true', 'false', 'if', 'then', 'else', 'has', 'like']);
const FUNCTIONS = new Set(['duration', 'datetime', 'decimal']);
const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|&&|\|\||[!=<>]=|[!<>.,()[\]-]|[^]/gu;
const OPERAND = /^(?!(?:if|then|else)$)[A-Za-z0-9_")\]]/;
const PUNCTUATION = /^(?:&&|\|\||[!=<>]=|[!<>.,()[\]-])$/;

/** Bounds on one condition. Cedar's parser recurses on a small stack, and one overflow would spoil it for every later load. */
const MAX_BRACKETS = 32;
const MAX_CHAIN = 64;
const MAX_IFS = 32;
const MAX_NOTS = 4;
const OPERATOR = /^(?:&&|\|\||[!=<>]=|[!<>,-]|if|then|else|has|like)$/;

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
  if (!isWellFormed(text)) return { at: 0, message: 'the condition holds half a surrogate pair' };
  let cedar = '';
  let previous = '';
  const inserted: number[] = [];
  const nested = nesting();
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
    } else if (token === '-' && (OPERAND.test(previous) || !/^\s*[0-9]/.test(text.slice(at + 1)))) {
      return { at, message: '`-` has no place in a condition, except before a number' };
    }
    if (nested(token)) return { at, message: 'the condition is nested too deep' };
    cedar += token;
    previous = token;
  }
  return { cedar, original: (offset) => back(offset, inserted, text.length) };
}

/** Says, token by token, whether brackets, attribute chains, `if`s or `!`s have become too deep. */
function nesting(): (token: string) => boolean {
  let brackets = 0;
  let chain = 0;
  let ifs = 0;
  let nots = 0;
  return (token) => {
    if (token === '(' || token === '[') brackets++;
    if (token === ')' || token === ']') brackets--;
    if (token === '(' || token === '[' || token === '.') chain++;
    else if (OPERATOR.test(token)) chain = 0;
    if (token === 'if') ifs++;
    nots = token === '!' ? nots + 1 : 0;
    return brackets > MAX_BRACKETS || chain > MAX_CHAIN || ifs > MAX_IFS || nots > MAX_NOTS;
  };
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
