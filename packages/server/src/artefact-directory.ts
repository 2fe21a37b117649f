import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { WritError } from '@writ/core';
import type { SourceFile } from '@writ/flow';

/** Files of one directory are bounded, so that a wrong path does not read a disk. */
const MOST_FILES = 5_000;

/** The artefact files below a directory, by path. @throws WritError `invalid` when it cannot be read */
export function readArtefacts(directory: string): readonly SourceFile[] {
  return artefactPaths(directory).map((path) => ({
    path,
    text: readFileSync(join(directory, path), 'utf8'),
  }));
}

/** Paths of every `*.yaml` below a directory but `writ.yaml` and flow tests, sorted. */
export function artefactPaths(directory: string): readonly string[] {
  let names: string[];
  try {
    if (!statSync(directory).isDirectory())
      throw new WritError('invalid', `\`${directory}\` is not a directory`);
    names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    throw new WritError('invalid', `\`${directory}\` cannot be read`, { cause });
  }
  const paths = names
    .map((name) => name.split(sep).join('/'))
    .filter((path) => path.endsWith('.yaml') && !path.endsWith('.test.yaml') && path !== 'writ.yaml')
    .filter((path) => !path.split('/').some((part) => part.startsWith('.') || part === 'node_modules'))
    .sort();
  if (paths.length > MOST_FILES)
    throw new WritError('invalid', `\`${directory}\` holds more than ${MOST_FILES} files`);
  return paths;
}
