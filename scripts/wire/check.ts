import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { readApiDocument } from './document.ts';
import { wireTypes } from './wire-types.ts';

const path = new URL('../../packages/client/src/wire.ts', import.meta.url);

/** `--fix` writes the types. */
const { stdout, stderr, status } = spawnSync('biome', ['format', '--stdin-file-path=wire.ts'], {
  input: wireTypes(await readApiDocument()),
  encoding: 'utf8',
});
if (status !== 0) throw new Error(stderr);
if (process.argv.includes('--fix')) writeFileSync(path, stdout);
else if (readFileSync(path, 'utf8') !== stdout) {
  console.error('packages/client/src/wire.ts: not what the API says; run `npm run fix:wire`');
  process.exitCode = 1;
}
