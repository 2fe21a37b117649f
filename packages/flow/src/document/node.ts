/** A YAML document reduced to what Writ accepts: maps with text keys, lists and scalars, each knowing its place. */
export type Node = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  /** offset of the first character, UTF-16 units */
  readonly at: number;
  readonly entries: readonly { readonly key: string; readonly keyAt: number; readonly value: Node }[];
}

export interface ListNode {
  readonly kind: 'list';
  readonly at: number;
  readonly items: readonly Node[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly at: number;
  readonly value: string | number | boolean | null;
  /** where the first character of a text of one line stands in the file, or null for texts of several lines or with escapes */
  readonly contentAt: number | null;
}

export function describe(node: Node): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`;
  return node.value === null ? 'nothing' : `\`${String(node.value)}\``;
}

/** The member `key` of a map, if it is one and has it. */
export function member(node: Node, key: string): Node | undefined {
  return node.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}
