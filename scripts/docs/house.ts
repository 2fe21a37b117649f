import { type Border, borders } from '../boundaries/table.ts';

/** The packages and who may import whom, a line each, the importer above the imported. */
export function drawHouse(table: Readonly<Record<string, Border>> = borders): string {
  const names = Object.keys(table);
  const height = (name: string): number =>
    1 + Math.max(-1, ...(table[name]?.imports ?? []).map((below) => height(below)));
  const sorted = names.toSorted((a, b) => height(b) - height(a));
  const wide = Math.max(...names.map((name) => name.length));
  return sorted
    .flatMap((name) => {
      const { imports = [], dynamic = [], external = [] } = table[name] ?? {};
      const below = imports.toSorted((a, b) => height(b) - height(a)).join(' ');
      const lines = [`${name.padEnd(wide)} ──▶ ${below === '' ? '(nothing of ours)' : below}`];
      const indent = ' '.repeat(wide + 1);
      if (dynamic.length > 0) lines.push(`${indent}┄┄▶ ${dynamic.join(' ')}   by import() alone`);
      if (external.length > 0) lines.push(`${indent}    npm: ${external.join(' ')}`);
      return lines;
    })
    .join('\n');
}
