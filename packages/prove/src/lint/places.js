import { member, parseYaml } from '@writ/flow';
/** Places in these files; those that do not parse, or hold no flow, have none. */
export function placesIn(files) {
    const flows = new Map();
    for (const { path, text } of files) {
        if (!/^writ:\s*["']?flow\/v1/m.test(text))
            continue;
        const { root, place } = parseYaml(path, text);
        const name = root === null ? undefined : member(root, 'flow');
        if (root !== null && name?.kind === 'scalar')
            flows.set(String(name.value), { path, text, root, place });
    }
    return {
        of: (flow, path) => {
            const file = flows.get(flow);
            if (file === undefined)
                return null;
            return { file: file.path, ...file.place(offsetOf(file.root, path === '' ? [] : path.split('.'))) };
        },
        file: (flow) => flows.get(flow) ?? null,
    };
}
/** Follows keys, and ids of the items of lists, as far as they lead. */
function offsetOf(root, path) {
    let node = root;
    let at = root.at;
    for (const key of path) {
        const next = stepInto(node, key);
        if (next === null)
            break;
        ({ node, at } = next);
    }
    return at;
}
function stepInto(node, key) {
    if (node.kind === 'map') {
        const entry = node.entries.find((each) => each.key === key);
        if (entry !== undefined)
            return { node: entry.value, at: entry.keyAt };
        // `proof.github` stands in a list below `any` or `all`.
        const list = node.entries.find(({ key: name }) => name === 'any' || name === 'all')?.value;
        return list === undefined ? null : stepInto(list, key);
    }
    if (node.kind !== 'list')
        return null;
    const item = node.items.find((each) => {
        const id = member(each, 'id');
        return id?.kind === 'scalar' && id.value === key;
    });
    return item === undefined ? null : { node: item, at: item.at };
}
//# sourceMappingURL=places.js.map