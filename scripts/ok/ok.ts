import { spawnSync } from 'node:child_process';

/** The one gate, cheapest first. `--static` leaves the tests out, for who runs them apart. */
const steps = [
  ['lockfile', 'npm run --silent lockfile'],
  ['boundaries', 'npm run --silent boundaries'],
  ['docs', 'npm run --silent docs'],
  ['wire', 'npm run --silent wire'],
  ['lint', 'npm run --silent lint'],
  ['unused', 'npm run --silent unused'],
  ['types', 'npm run --silent types'],
  ['test', 'npm test'],
] as const;

/** Lines worth seeing although their step passed: what the tests counted and what they could not meet. */
const telling = /^(?:ABSENT: .*|\d+ passed, \d+ failed)$/gmu;

let failed = 0;
const start = performance.now();
for (const [name, command] of steps) {
  if (name === 'test' && process.argv.includes('--static')) continue;
  const from = performance.now();
  const { status, stdout, stderr } = spawnSync(command, {
    shell: true,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(10)} ${seconds(from)}`);
  if (status === 0) {
    for (const line of new Set(stdout.match(telling))) console.log(`       ${line}`);
  } else {
    failed += 1;
    console.log(stdout + stderr);
  }
}
console.log(`${failed === 0 ? 'ok' : `${failed} failed`} in ${seconds(start)}`);
process.exitCode = failed === 0 ? 0 : 1;

function seconds(from: number): string {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}
