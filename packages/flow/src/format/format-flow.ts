import { WritError } from '@writ/core';
import {
  Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  type ToStringOptions,
  YAMLMap,
  YAMLSeq,
} from 'yaml';
import { parseYaml } from '../document/parse-yaml.ts';
import { formatProblem } from '../document/problem.ts';
import { below, holdsRules, isRule, keysAt } from './key-order.ts';

/** An expression in one line is at most this long, and so is a map or list in brackets. */
const LONGEST_EXPRESSION = 100;
const LONGEST_BRACKETS = 90;

const LAYOUT: ToStringOptions = { indent: 2, indentSeq: true, lineWidth: 120, flowCollectionPadding: true };

/**
 * The canonical form of an artefact file: two spaces, comments kept, meaning kept. In a flow, keys stand in the order of
 * the language, and expressions are quoted so that YAML reads nothing into them. Formatting twice changes nothing.
 * @throws WritError `malformed` where the text is not YAML as Writ reads it
 */
export function formatFlow(text: string): string {
  const { problems } = parseYaml('', text);
  const [problem] = problems;
  if (problem !== undefined) throw new WritError('malformed', formatProblem(problem).slice(1));
  const document = parseDocument(text, { version: '1.2', schema: 'core', merge: false });
  const kind: unknown = isMap(document.contents) ? document.get('writ') : null;
  layOut(document.contents, kind === 'flow/v1' ? '' : null);
  return document.toString(LAYOUT);
}

/** Puts one node and all below it in order; `path` is null outside flows. */
function layOut(node: unknown, path: string | null): void {
  if (isMap(node)) {
    if (path !== null) order(node, path);
    for (const pair of node.items) {
      const key = keyOf(pair);
      layOut(pair.value, path === null ? null : below(path, key));
      if (isRule(path) && key === 'when' && isScalar(pair.value)) quote(pair.value);
    }
    setBrackets(node, ' ', holdsRules(path));
  } else if (isSeq(node)) {
    for (const item of node.items) layOut(item, path === null ? null : below(path, null));
    setBrackets(node, '', holdsRules(path));
  }
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

/** Known keys in their order, then the others in the author's. */
function order(map: YAMLMap, path: string): void {
  const keys = keysAt(path);
  const rank = (pair: Pair): number => {
    const at = keys.indexOf(keyOf(pair));
    return at < 0 ? keys.length : at;
  };
  const [first] = map.items;
  map.items.sort((a, b) => rank(a) - rank(b));
  const [top] = map.items;
  if (top === undefined || first === undefined || top === first) return;
  // A blank line parts a key from what stands above it.
  const [topKey, firstKey] = [top.key, first.key];
  if (isScalar(topKey) && isScalar(firstKey)) {
    firstKey.spaceBefore = topKey.spaceBefore === true;
    topKey.spaceBefore = false;
  }
}

/** `'…'` in one line, or a `|-` block where that would be long or need quotes doubled. */
function quote(scalar: Scalar): void {
  if (typeof scalar.value !== 'string') return;
  const expression = scalar.value.trim();
  scalar.value = expression;
  if (expression.includes('\r')) scalar.type = Scalar.QUOTE_DOUBLE;
  else if (/['\n]/.test(expression) || expression.length > LONGEST_EXPRESSION)
    scalar.type = Scalar.BLOCK_LITERAL;
  else scalar.type = Scalar.QUOTE_SINGLE;
}

/** Brackets stay where the author set them and they fit into a line: `{ a: b }`, `[a, b]`. */
function setBrackets(node: YAMLMap | YAMLSeq, padding: string, spread: boolean): void {
  const type = isMap(node) ? YAMLMap : YAMLSeq;
  node.toString = (context, onComment, onChompKeep) =>
    type.prototype.toString.call(
      node,
      context === undefined ? undefined : { ...context, flowCollectionPadding: padding },
      onComment,
      onChompKeep,
    );
  if (node.flow === true && (spread || !fits(node))) node.flow = false;
}

function fits(node: Node): boolean {
  const printed = new Document(node).toString({ ...LAYOUT, lineWidth: 0 }).trimEnd();
  return printed.length <= LONGEST_BRACKETS && !printed.includes('\n');
}
