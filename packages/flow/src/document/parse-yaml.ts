import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type ParsedNode,
  parseDocument,
  type Scalar,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { lineStarts, type Place, placeIn } from './line.ts';
import type { Node } from './node.ts';
import type { Problem } from './problem.ts';

/** Bounds on one file: a definition that a person reviews is far smaller. */
export const MAX_CHARACTERS = 262_144;
export const MAX_DEPTH = 16;
/** Syntax errors told of one file: whoever has more has another kind of file. */
const MAX_ERRORS = 100;

export interface ParsedYaml {
  /** null where there are problems */
  readonly root: Node | null;
  readonly problems: readonly Problem[];
  readonly place: (offset: number) => Place;
}

/**
 * YAML 1.2 core, one document: no tags, directives, anchors, aliases or merge keys, no duplicate keys, text keys only. Size
 * and depth are bounded before anything is built from it.
 */
export function parseYaml(file: string, text: string): ParsedYaml {
  const place = placeIn(lineStarts(text));
  const problems: Problem[] = [];
  const report: Report = (offset, message) => {
    problems.push({ file, ...place(offset), severity: 'error', message });
  };
  textProblems(text, report);
  if (problems.length > 0) return { root: null, problems, place };
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    // Ours, below, takes linear time.
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
    keepSourceTokens: true,
  });
  for (const error of [...document.errors, ...document.warnings].slice(0, MAX_ERRORS))
    report(error.pos[0], explain(error));
  if (problems.length > 0) return { root: null, problems, place };
  if (document.contents === null) {
    report(0, 'the file is empty');
    return { root: null, problems, place };
  }
  const root = convert(document, document.contents, text, 0, report);
  return { root: problems.length > 0 ? null : root, problems, place };
}

/**
 * Half surrogate pairs, controls, and marks that turn the direction of writing: a reviewer must see what is decided by.
 */
// oxlint-disable-next-line no-control-regex -- controls are what it is for
const UNSEEN = /[\p{Cs}\p{Bidi_Control}\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{7f}-\u{84}\u{86}-\u{9f}]/u;

/** Where a line ends for some readers of YAML and not for others. */
const HALF_BREAK = /\r(?!\n)|[\u0085\u2028\u2029]/;

/** What can be refused on the text alone. Nesting is bounded here, so that a bomb never reaches the parser's recursion. */
function textProblems(text: string, report: Report): void {
  if (text.length > MAX_CHARACTERS) {
    report(0, `the file has more than ${MAX_CHARACTERS} characters`);
    return;
  }
  const unseen = text.search(UNSEEN);
  if (unseen >= 0) report(unseen, `the file holds ${named(text, unseen)}, which cannot be seen`);
  const half = text.search(HALF_BREAK);
  if (half >= 0)
    report(half, `the file holds ${named(text, half)}, which not everybody reads as the end of a line`);
  const directive = text.search(/^%/m);
  if (directive >= 0) report(directive, 'directives are not allowed');
  const dashes = text.search(/^[ \t]*(?:[-?:][ \t]+){17}/m);
  if (dashes >= 0) report(dashes, `lists are nested deeper than ${MAX_DEPTH}`);
  const bracket = deepBracket(text);
  if (bracket !== null) report(bracket, `brackets are nested deeper than ${MAX_DEPTH}`);
}

function named(text: string, at: number): string {
  return `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The lexer's own marks (document, flow end, scalar), which stand for no character of the text. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);

/** Where brackets are nested too deep; those inside texts and comments are no brackets, so the lexer is asked. */
function deepBracket(text: string): number | null {
  let depth = 0;
  let at = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') depth++;
    else if (lexeme === ']' || lexeme === '}') depth--;
    if (depth > MAX_DEPTH) return at;
    if (!MARKS.has(lexeme)) at += lexeme.length;
  }
  return null;
}

/** The parser speaks to programmers in two places. */
function explain(error: YAMLError): string {
  if (error.code === 'MULTIPLE_DOCS') return 'a file holds one document';
  return error.message.charAt(0).toLowerCase() + error.message.slice(1);
}

type Report = (offset: number, message: string) => void;

function convert(
  document: Document,
  node: ParsedNode | null,
  text: string,
  depth: number,
  report: Report,
): Node | null {
  const at = node?.range?.[0] ?? 0;
  if (depth > MAX_DEPTH) {
    report(at, `nested deeper than ${MAX_DEPTH}`);
    return null;
  }
  if (node === null) return { kind: 'scalar', at, value: null, contentAt: null };
  if (isAlias(node)) {
    report(at, 'aliases are not allowed; write the value out');
    return null;
  }
  if (node.tag !== undefined) report(at, 'tags are not allowed');
  if (node.anchor !== undefined) report(at, 'anchors are not allowed; write the value out');
  if (isScalar(node)) return scalar(node, text, report);
  if (isMap(node)) return map(document, node, text, depth, report);
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(document, item, text, depth + 1, report));
    return { kind: 'list', at, items: items.filter((item) => item !== null) };
  }
  report(at, 'not a map, a list or a scalar');
  return null;
}

function map(document: Document, node: YAMLMap.Parsed, text: string, depth: number, report: Report): Node {
  const entries: { key: string; keyAt: number; value: Node }[] = [];
  const seen = new Set<string>();
  for (const pair of node.items) {
    const keyAt = pair.key.range[0];
    const explicit = pair.srcToken?.start.some(({ type }) => type === 'explicit-key-ind') === true;
    const key = explicit ? null : plainKey(pair.key);
    if (key === null) {
      report(keyAt, 'keys must be plain text');
      continue;
    }
    if (seen.has(key)) report(keyAt, `\`${key}\` stands here twice`);
    seen.add(key);
    if (key === '<<') {
      report(keyAt, 'merge keys are not allowed; write the values out');
      continue;
    }
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
      report(keyAt, `\`${key}\` is not allowed as a key`);
      continue;
    }
    const value = convert(document, pair.value, text, depth + 1, report);
    if (value !== null)
      entries.push({ key, keyAt, value: pair.value === null ? { ...value, at: keyAt } : value });
  }
  return { kind: 'map', at: node.range[0], entries };
}

/** The text of a key; null for one that is no text, or not as it seems (tagged, anchored, with what cannot be seen). */
function plainKey(key: ParsedNode): string | null {
  if (!isScalar(key) || key.tag !== undefined || key.anchor !== undefined) return null;
  return typeof key.value === 'string' && !UNSEEN.test(key.value) ? key.value : null;
}

function scalar(node: Scalar.Parsed, text: string, report: Report): Node | null {
  const at = node.range[0];
  const value: unknown = node.value;
  const contentAt = oneLine(node, text);
  if (value === null) return { kind: 'scalar', at, value, contentAt: null };
  if (typeof value === 'string' && UNSEEN.test(value)) {
    report(at, `the text holds ${named(value, value.search(UNSEEN))}, which cannot be seen`);
    return null;
  }
  if (typeof value === 'string' || typeof value === 'boolean')
    return { kind: 'scalar', at, value, contentAt };
  // Not `1e3`, `0o17`, `017`, `1.0`: other readers of YAML take them for other numbers, or for text.
  if (Number.isSafeInteger(value) && /^(?:0|-?[1-9]\d*)$/.test(node.source ?? ''))
    return { kind: 'scalar', at, value: Number(value), contentAt };
  report(at, 'numbers must be whole, in plain decimal, and within ±(2^53−1)');
  return null;
}

/** Where the text's first character stands, if each of its characters stands for itself in one line of the file. */
function oneLine(node: Scalar.Parsed, text: string): number | null {
  if (typeof node.value !== 'string') return null;
  const [start, end] = node.range;
  switch (node.type) {
    case 'PLAIN':
      return text.startsWith(node.value, start) ? start : null;
    case 'QUOTE_SINGLE':
    case 'QUOTE_DOUBLE':
      return text.startsWith(node.value, start + 1) ? start + 1 : null;
    default: {
      // A block of one line stands below its `|-`.
      const below = text.indexOf('\n', start);
      const at = text.indexOf(node.value, below);
      return below >= 0 && at >= 0 && at < end && !node.value.includes('\n') ? at : null;
    }
  }
}
