/** Import cycles among files, each once, as the list of files to walk through. Type imports count: a cycle is one thing. */
export function findCycles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];

  const visit = (file: string): void => {
    const seenAt = path.indexOf(file);
    if (seenAt >= 0) cycles.push(path.slice(seenAt));
    if (seenAt >= 0 || done.has(file)) return;
    path.push(file);
    for (const next of imports.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };

  for (const file of imports.keys()) visit(file);
  return cycles;
}
