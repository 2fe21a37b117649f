import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatProblem, loadSet, type SourceFile } from '@writ/flow';
import { readConfig } from '@writ/server';
import { readArtefacts } from '@writ/server/commands';
import { fencesOf } from './fences.ts';

/** Parts of one page's artefacts that do not load, as `page:line: what`. */
export function artefactMistakes(root: string, page: string): readonly string[] {
  const example = readArtefacts(join(root, 'examples/acme'));
  return fencesOf(readFileSync(join(root, page), 'utf8'))
    .filter(({ lang, info, text }) => lang === 'yaml' && info !== 'partial' && /^writ: /m.test(text))
    .flatMap(({ text, line }) => problemsOf(example, text).map((problem) => `${page}:${line}: ${problem}`));
}

/**
 * What the loader says of a file put into the example. A first line `# rights/deploy.yaml` names the file it replaces;
 * an anchor or a flow replaces the one of its name; everything else is one file more.
 */
function problemsOf(example: readonly SourceFile[], text: string): readonly string[] {
  if (/^writ: config\/v1$/m.test(text)) return configProblems(text);
  const path = /^# (\S+\.yaml)\n/.exec(text)?.[1];
  const [name] = /^(?:anchor|flow): \S+/m.exec(text) ?? [];
  const others = example.filter(
    (file) => file.path !== path && (name === undefined || !file.text.split('\n').includes(name)),
  );
  const { problems } = loadSet([...others, { path: 'snippet.yaml', text }], (data) =>
    hash('sha256', data, 'buffer'),
  );
  return problems.map(formatProblem);
}

function configProblems(text: string): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), 'writ-config-'));
  try {
    writeFileSync(join(directory, 'writ.yaml'), text);
    for (const [, file = ''] of text.matchAll(/(?:url|client-secret)-file: ([^\s,}]+)/g))
      writeFileSync(join(directory, file), 'x\n');
    for (const [, file = ''] of text.matchAll(/ secret-file: ([^\s,}]+)/g))
      writeFileSync(join(directory, file), `whsec_${Buffer.alloc(32).toString('base64')}\n`);
    readConfig(directory);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : 'it cannot be read'];
  } finally {
    rmSync(directory, { recursive: true });
  }
}
