import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fencesOf, snippetOf } from './fences.ts';

/** Plug-in packages, and their entries that are no plug-in: nobody configures a conformance suite. */
const pluginPackages = ['attest', 'issue', 'deliver', 'store'];
const notPlugins = new Set(['.', './conformance']);

/** Every promise of the documents under `root` that does not hold, as `path: what`. */
export function docsMistakes(root: string): string[] {
  const exclude = (path: string) => /(?:^|\/)(?:node_modules|dist|testdata|vectors)(?:\/|$)/u.test(path);
  const pages = globSync('**/*.md', { cwd: root, exclude }).sort();
  return [
    ...pages.flatMap((page) => pageMistakes(root, page).map((mistake) => `${page}: ${mistake}`)),
    ...pluginPackages.flatMap((name) => missingPages(root, name)),
  ];
}

function pageMistakes(root: string, page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const prose = text.replaceAll(/^(?<fence>```+|~~~+)[^]*?^\k<fence>/gmu, '').replaceAll(/`[^`\n]*`/gu, '');
  const { scripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts?: object;
  };

  const links = [...prose.matchAll(/\]\((?<target>[^)\s]+)(?: "[^"]*")?\)/gu)].map(
    (match) => match.groups?.['target'] ?? '',
  );
  const run = [...text.matchAll(/\bnpm (?:run (?:-\S+ )*(?<run>[\w:-]+)|(?<word>start|test)\b)/gu)];
  const named = run.map(({ groups }) => groups?.['run'] ?? groups?.['word'] ?? '');
  return [
    ...snippetMistakes(page, text),
    ...missingPaths(root, page, text).map((path) => `\`${path}\` is not in the repository`),
    ...links.filter((target) => !resolves(root, page, target)).map((target) => `\`${target}\` leads nowhere`),
    ...[...new Set(named)]
      .filter((name) => !Object.hasOwn(scripts, name))
      .map((name) => `no script \`${name}\` in package.json`),
  ];
}

/** Pages whose commands a reader types. */
function snippetMistakes(page: string, text: string): readonly string[] {
  if (page !== 'README.md' && !page.startsWith('docs/')) return [];
  return fencesOf(text).flatMap((fence) => {
    const snippet = snippetOf(fence);
    return typeof snippet === 'string' ? [`line ${fence.line}: ${snippet}`] : [];
  });
}

/** Where the code and its surroundings are: what stands in backticks and begins so is a path of the repository. */
const PLACES = /^(?:packages|scripts|docs|examples|test|demo|bench|\.ci)\/[\w./-]*[\w/]$/;

/** Paths in backticks that are nowhere: from the root, beside the page, or in the package the page is about. */
function missingPaths(root: string, page: string, text: string): readonly string[] {
  const inline = text
    .replaceAll(/^(?<fence>```+|~~~+)[^]*?^\k<fence>/gmu, '')
    .matchAll(/`(?<code>[^`\n]+)`/gu);
  const paths = [...inline].map(({ groups }) => groups?.['code'] ?? '').filter((code) => PLACES.test(code));
  return [...new Set(paths)].filter(
    (path) => !existsSync(join(root, path)) && !existsSync(join(root, dirname(page), path)),
  );
}

function resolves(root: string, page: string, target: string): boolean {
  if (/^[a-z][a-z+.-]*:/u.test(target)) return true;
  const [file = '', anchor] = decodeURI(target).split('#');
  const path = file === '' ? page : join(dirname(page), file);
  if (!existsSync(join(root, path))) return false;
  return (
    anchor === undefined ||
    !path.endsWith('.md') ||
    anchors(readFileSync(join(root, path), 'utf8')).has(anchor)
  );
}

/** The anchors a page's headings get where repositories are commonly read. */
function anchors(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const slugs = [...text.matchAll(/^#{1,6} +(?<title>.+?) *#*$/gmu)].map((match) => {
    const slug = (match.groups?.['title'] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
  return new Set(slugs);
}

/** Plug-ins that exist and have no page: what a package exports beside its entry is a plug-in (or a driver). */
function missingPages(root: string, name: string): string[] {
  const manifest = join(root, `packages/${name}/package.json`);
  if (!existsSync(manifest)) return [];
  const { exports = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: object };
  return Object.keys(exports)
    .filter((entry) => !notPlugins.has(entry) && existsSync(join(root, `packages/${name}/src`, entry)))
    .map((entry) => `docs/reference/${name}/${entry.slice(2)}.md`)
    .filter((page) => !existsSync(join(root, page)))
    .map((page) => `${page}: missing, every plug-in has its page`);
}
