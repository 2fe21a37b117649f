import { readFileSync, writeFileSync } from 'node:fs';
import { completeLockfile, type LockPackages, lockfileMistakes } from './lockfile.ts';

const path = new URL('../../package-lock.json', import.meta.url);
const lockfile = JSON.parse(readFileSync(path, 'utf8')) as { packages: LockPackages };

if (process.argv.includes('--fix')) {
  lockfile.packages = completeLockfile(lockfile.packages);
  writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
}

const mistakes = lockfileMistakes(lockfile.packages);
for (const mistake of mistakes) console.error(`package-lock.json: ${mistake}`);
process.exitCode = mistakes.length === 0 ? 0 : 1;
