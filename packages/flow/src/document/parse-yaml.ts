import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Node } from './node.ts';
import type { Problem } from './problem.ts';

/** Bounds on one file: a definition that a person reviews is far smaller. */
export const MAX_CHARACTERS = 262_144;
export const MAX_DEPTH = 16;

export interface ParsedYaml {
  /** null where there are problems */
  readonly root: Node | null;
  readonly problems: readonly Problem[];
  readonly place: (offset: number) => { readonly line: number; readonly column: number };
}

/**
 * YAML 1.2 core, one document: no tags, anchors, aliases or merge keys, no duplicate keys, text keys only. Size and depth
 * are bounded before anything is built from it.
 */
export function parseYaml(file: string, text: string): ParsedYaml {
  const lines = new LineCounter();
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(Math.max(0, offset));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: Problem[] = [];
  const report = (offset: number, message: string): void => {
    problems.push({ file, ...place(offset), severity: 'error', message });
  };
  const tooMuch = boundsProblem(text);
  if (tooMuch !== null) {
    return {
      root: null,
      problems: [{ file, line: 1, column: 1, severity: 'error', message: tooMuch }],
      place,
    };
  }
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    strict: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  for (const error of document.errors) report(error.pos[0], lowerFirst(error.message));
  for (const warning of document.warnings) report(warning.pos[0], lowerFirst(warning.message));
  if (problems.length > 0) return { root: null, problems, place };
  if (document.contents === null) {
    report(0, 'the file is empty');
    return { root: null, problems, place };
  }
  const root = convert(document, document.contents, text, 0, report);
  return { root: problems.length > 0 ? null : root, problems, place };
}

/** Nesting is bounded on the text, so that a bomb of brackets or dashes never reaches the parser's recursion. */
function boundsProblem(text: string): string | null {
  if (text.length > MAX_CHARACTERS) return `the file has more than ${MAX_CHARACTERS} characters`;
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > MAX_DEPTH * 2) return `brackets are nested deeper than ${MAX_DEPTH * 2}`;
  }
  if (/^[ \t]*(?:[-?:][ \t]+){17}/m.test(text)) return `lists are nested deeper than ${MAX_DEPTH}`;
  if (text.includes('\0')) return 'the file holds a NUL character';
  return null;
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
  for (const pair of node.items) {
    const keyAt = pair.key.range[0];
    const key: unknown = isScalar(pair.key) ? pair.key.value : null;
    if (typeof key !== 'string' || (isScalar(pair.key) && pair.key.anchor !== undefined)) {
      report(keyAt, 'keys must be plain text');
      continue;
    }
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

function scalar(node: Scalar.Parsed, text: string, report: Report): Node | null {
  const at = node.range[0];
  const value: unknown = node.value;
  const contentAt = oneLine(node, text);
  if (value === null) return { kind: 'scalar', at, value, contentAt: null };
  if (typeof value === 'string' || typeof value === 'boolean')
    return { kind: 'scalar', at, value, contentAt };
  if (typeof value === 'number' && Number.isSafeInteger(value))
    return { kind: 'scalar', at, value, contentAt };
  report(at, 'numbers must be whole and within ±(2^53−1)');
  return null;
}

/** Where the text's first character stands, if each of its characters stands for itself in the file. */
function oneLine(node: Scalar.Parsed, text: string): number | null {
  if (typeof node.value !== 'string') return null;
  const [start] = node.range;
  const offset = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE' ? start + 1 : start;
  return text.startsWith(node.value, offset) ? offset : null;
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
