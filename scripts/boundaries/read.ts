import { parseSync, visitorKeys } from 'oxc-parser';
import { hostGlobals } from './table.ts';

/** One module named by a source file, in any of the ways a module can be named. */
export interface Mention {
  /** `undefined`: computed at run time. */
  readonly module: string | undefined;
  readonly dynamic: boolean;
  readonly line: number;
}

/** What the boundary rules need to know about one source file. */
export interface Source {
  readonly mentions: readonly Mention[];
  /** Reads of the host through a global. */
  readonly host: readonly { readonly name: string; readonly line: number }[];
  /** Comments that silence a tool without saying why. */
  readonly silences: readonly { readonly text: string; readonly line: number }[];
  readonly errors: readonly string[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** Parses a file completely: nothing is guessed from its text, and what does not parse is an error. */
export function readSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text);
  const mentions: Mention[] = [];
  const host: { name: string; line: number }[] = [];
  const lineOf = (at: number) => text.slice(0, at).split('\n').length;
  const root = program as unknown as Node;
  const own = declaredNames(root);

  walk(root, (node, parent, key) => {
    const from = source(node);
    if (from !== undefined) {
      const module = literal(from);
      mentions.push({ module, dynamic: node.type === 'ImportExpression', line: lineOf(from.start) });
    }
    if (node.type !== 'Identifier' || parent === undefined || !isReference(parent, key)) return;
    const name = node['name'] as string;
    if (hostGlobals.has(name) && !own.has(name) && readsHost(name, parent, key))
      host.push({ name, line: lineOf(node.start) });
  });

  const silences = comments
    .filter(({ value }) =>
      /^\s*(?:(?:oxlint|eslint)-disable|biome-ignore|@ts-(?:ignore|nocheck))/u.test(value),
    )
    .filter(({ value }) => !/ -- \S/u.test(value))
    .map(({ value, start }) => ({ text: value.trim(), line: lineOf(start) }));

  return { mentions, host, silences, errors: errors.map(({ message }) => message) };
}

const naming = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
  'TSExternalModuleReference',
]);

function source(node: Node): Node | undefined {
  if (node.type === 'CallExpression' && isNode(node['callee']) && node['callee']['name'] === 'require') {
    return (node['arguments'] as Node[])[0];
  }
  if (!naming.has(node.type)) return undefined;
  const from = node['source'] ?? node['argument'] ?? node['expression'];
  return isNode(from) ? from : undefined;
}

function literal(node: Node): string | undefined {
  if (node.type === 'TSLiteralType' && isNode(node['literal'])) return literal(node['literal']);
  return node.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : undefined;
}

/** Whether an identifier in this position stands for a value, not for a property, a type or the name of something new. */
function isReference(parent: Node, key: string): boolean {
  if (key === 'property' && parent.type === 'MemberExpression') return parent['computed'] === true;
  if (key === 'key') return parent['computed'] === true;
  if (parent.type === 'TSTypeReference' || parent.type === 'TSQualifiedName') return false;
  if (parent.type.startsWith('Import') || parent.type === 'ExportSpecifier') return key === 'local';
  return !(key === 'label' || (key === 'id' && parent.type !== 'VariableDeclarator'));
}

/** `new Date(ms)` and `Math.floor` are pure; the same names also read the clock and the random generator. */
function readsHost(name: string, parent: Node, key: string): boolean {
  const member =
    parent.type === 'MemberExpression' &&
    key === 'object' &&
    parent['computed'] === false &&
    isNode(parent['property'])
      ? parent['property']['name']
      : undefined;
  if (name === 'Math') return member === undefined || member === 'random';
  if (name !== 'Date') return true;
  if (member !== undefined) return member === 'now';
  if (parent.type === 'BinaryExpression' && parent['operator'] === 'instanceof') return key !== 'right';
  const args = parent.type === 'NewExpression' && key === 'callee' ? (parent['arguments'] as Node[]) : [];
  return args.length === 0 || args[0]?.type === 'SpreadElement';
}

/** Names the file itself declares anywhere; the type check sees to their scopes. */
function declaredNames(root: Node): ReadonlySet<string> {
  const names = new Set<string>();
  walk(root, (node) => {
    const declares =
      node.type === 'VariableDeclarator' || node.type.includes('Function') || node.type.includes('Class');
    for (const bound of [
      declares ? node['id'] : undefined,
      node['params'],
      node['param'],
      importedAs(node),
    ]) {
      addBound(bound, names);
    }
  });
  return names;
}

const importedAs = (node: Node): unknown => (node.type.startsWith('Import') ? node['local'] : undefined);

function addBound(pattern: unknown, names: Set<string>): void {
  if (Array.isArray(pattern)) for (const each of pattern) addBound(each, names);
  if (!isNode(pattern)) return;
  if (pattern.type === 'Identifier') names.add(pattern['name'] as string);
  if (pattern.type === 'ObjectPattern') addBound(pattern['properties'], names);
  if (pattern.type === 'ArrayPattern') addBound(pattern['elements'], names);
  if (pattern.type === 'Property') addBound(pattern['value'], names);
  if (pattern.type === 'RestElement') addBound(pattern['argument'], names);
  if (pattern.type === 'AssignmentPattern') addBound(pattern['left'], names);
}

type Visit = (node: Node, parent: Node | undefined, key: string) => void;

function walk(node: Node, visit: Visit, parent?: Node, key = ''): void {
  visit(node, parent, key);
  for (const name of visitorKeys[node.type] ?? []) {
    const child = node[name];
    for (const each of Array.isArray(child) ? (child as unknown[]) : [child]) {
      if (isNode(each)) walk(each, visit, node, name);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}
