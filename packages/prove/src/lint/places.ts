import { member, type Node, parseYaml, type SourceFile } from '@writ/flow';
import type { Place } from './finding.ts';

/** Says where things of a flow stand. */
export interface Places {
  /** the place of a path such as `approval.out-of-hours.require.not`, or of as much of it as is written */
  readonly of: (flow: string, path: string) => Place | null;
  /** the texts of a flow's file, with its nodes, or null where it is not at hand */
  readonly file: (flow: string) => FlowFile | null;
}

export interface FlowFile {
  readonly path: string;
  readonly text: string;
  readonly root: Node;
}

/** Places in these files; those that do not parse, or hold no flow, have none. */
export function placesIn(files: readonly SourceFile[]): Places {
  const flows = new Map<string, FlowFile & { readonly place: ReturnType<typeof parseYaml>['place'] }>();
  for (const { path, text } of files) {
    if (!/^writ:\s*["']?flow\/v1/m.test(text)) continue;
    const { root, place } = parseYaml(path, text);
    const name = root === null ? undefined : member(root, 'flow');
    if (root !== null && name?.kind === 'scalar') flows.set(String(name.value), { path, text, root, place });
  }
  return {
    of: (flow, path) => {
      const file = flows.get(flow);
      if (file === undefined) return null;
      return { file: file.path, ...file.place(offsetOf(file.root, path === '' ? [] : path.split('.'))) };
    },
    file: (flow) => flows.get(flow) ?? null,
  };
}

/** Follows keys, and ids of the items of lists, as far as they lead. */
function offsetOf(root: Node, path: readonly string[]): number {
  let node = root;
  let at = root.at;
  for (const key of path) {
    const next = stepInto(node, key);
    if (next === null) break;
    ({ node, at } = next);
  }
  return at;
}

function stepInto(node: Node, key: string): { readonly node: Node; readonly at: number } | null {
  if (node.kind === 'map') {
    const entry = node.entries.find((each) => each.key === key);
    if (entry !== undefined) return { node: entry.value, at: entry.keyAt };
    // `proof.github` stands in a list below `any` or `all`.
    const list = node.entries.find(({ key: name }) => name === 'any' || name === 'all')?.value;
    return list === undefined ? null : stepInto(list, key);
  }
  if (node.kind !== 'list') return null;
  const item = node.items.find((each) => {
    const id = member(each, 'id');
    return id?.kind === 'scalar' && id.value === key;
  });
  return item === undefined ? null : { node: item, at: item.at };
}
