import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What stands between `<!-- generated: name -->` and `<!-- end -->`, by name. */
export type Sections = Readonly<Record<string, () => string>>;

const SECTION = /(<!-- generated: (?<name>[\w-]+) -->\n)(?:(?!<!-- generated: )[^])*?(<!-- end -->)/g;

/** Generated parts of pages that are not what the code says; with `fix` they are written instead. */
export function generatedMistakes(root: string, sections: Sections, fix: boolean): readonly string[] {
  const mistakes: string[] = [];
  const used = new Set<string>();
  for (const page of globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort()) {
    const path = join(root, page);
    const before = readFileSync(path, 'utf8');
    const after = before.replaceAll(SECTION, (whole, open: string, name: string, close: string) => {
      used.add(name);
      const make = Object.hasOwn(sections, name) ? sections[name] : undefined;
      if (make === undefined) mistakes.push(`${page}: nothing generates \`${name}\``);
      return make === undefined ? whole : `${open}\n${make().trim()}\n\n${close}`;
    });
    if (before === after) continue;
    if (fix) writeFileSync(path, after);
    else mistakes.push(`${page}: a generated part is not what the code says; run \`npm run fix:docs\``);
  }
  const unused = Object.keys(sections).filter((name) => !used.has(name));
  return [...mistakes, ...unused.map((name) => `no page shows the generated part \`${name}\``)];
}
