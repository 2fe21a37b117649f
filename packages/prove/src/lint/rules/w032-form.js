export const form = {
    id: 'W032',
    severity: 'warning',
    title: 'a condition that YAML could read as something else',
    by: 'syntax',
    why: `A condition that is not quoted is one character away from being something else to YAML: \`[\`, \`!\`, \`"\` or \`#\` in the
wrong place. Told once for each file; a key twice is refused when the file is loaded.`,
    help: 'run `writ flow fmt` on the file',
    good: [
        `policy:
  permit:
    - { id: nightly, when: 'evidence.github.event_name == "schedule"' }
  forbid: []`,
    ],
    bad: [
        `policy:
  permit:
    - id: nightly
      when: evidence.github.event_name == "schedule"
  forbid: []`,
    ],
    check: ({ file }) => {
        if (file === null)
            return [];
        const bare = unquoted(file.root, []);
        const [first] = bare;
        if (first === undefined)
            return [];
        const more = bare.length === 1 ? '' : `, and ${bare.length - 1} more`;
        return [{ rule: first.replace(/\.when$/, ''), at: first, message: `not quoted${more}` }];
    },
};
/** Paths of conditions that stand without quotes and not in a block. */
function unquoted(node, path) {
    if (node.kind === 'list') {
        return node.items.flatMap((item) => {
            const id = item.kind === 'map' ? item.entries.find(({ key }) => key === 'id')?.value : undefined;
            return unquoted(item, id?.kind === 'scalar' ? [...path, String(id.value)] : path);
        });
    }
    if (node.kind !== 'map')
        return [];
    return node.entries.flatMap(({ key, value }) => {
        const below = [...path, key];
        const condition = key === 'when' && (path[0] === 'policy' || path[0] === 'approval');
        if (!condition || value.kind !== 'scalar')
            return unquoted(value, below);
        return typeof value.value === 'string' && value.contentAt === value.at ? [below.join('.')] : [];
    });
}
//# sourceMappingURL=w032-form.js.map