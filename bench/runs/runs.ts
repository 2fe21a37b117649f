import { statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from '../machine.ts';
import { approveAll } from './approve.ts';
import { type Figure, rounded } from './figure.ts';
import { fillIdentities, fillRuns } from './fill.ts';
import { measureIdle } from './idle.ts';
import { measureLimit } from './limit.ts';
import { measureLists } from './lists.ts';
import { readRunsOptions, USAGE } from './options.ts';
import { openPlace } from './place.ts';
import { redecide } from './redecide.ts';

/** Runs that wait in a large store: deciding them again, the last approval, lists, doing nothing; beside what the database alone can do. */
export async function benchRuns(args: readonly string[]): Promise<void> {
  const options = readRunsOptions(args);
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const began = performance.now();
  const say = (kind: string, value: object): void => {
    process.stdout.write(
      options.json ? `${JSON.stringify({ [kind]: value })}\n` : `${lineOf(kind, value)}\n`,
    );
  };
  say('machine', { ...describeMachine(), pinned: false, load: loadavg().map(rounded) });
  await using place = await openPlace(Date.now());
  const database = join(place.data, 'writ.db');
  const [, identitiesSeconds] = await taking(async () => fillIdentities(place, options.identities));
  const [runs, runsSeconds] = await taking(async () => fillRuns(place, options.runs));
  say('filled', {
    identities: options.identities,
    identitiesSeconds,
    runs: runs.length,
    runsSeconds,
    databaseMB: sizeMB(database),
  });
  // Half of the sample is decided again and waits on; the other half is approved.
  const redecided = await redecide(place, runs.slice(0, options.sample));
  say('redecided', redecided);
  const { issued, answered } = await approveAll(place, runs.slice(options.sample, 2 * options.sample));
  say('approved', issued);
  say('approved', answered);
  const lists = await measureLists(place, options);
  for (const list of lists) say('list', list);
  const rssMB = rounded(process.memoryUsage().rss / 2 ** 20);
  say('memory', { rssMB });
  await place.close();
  const idle = await measureIdle(place.directory, place.data, options.idle);
  say('idle', idle);
  const limit = measureLimit(database, options.identities, options.limit);
  say('limit', limit);
  const commitMs = 1000 / limit.oneRowCommits;
  say('ratios', {
    redecisionsPerOneRowCommit: rounded(redecided.perSecond / limit.oneRowCommits),
    lastApprovalInOneRowCommits: rounded(issued.p50 / commitMs),
    pageInPointReads: Object.fromEntries(
      lists.map(({ name, p50 }): [string, number] => [name, rounded((p50 / 1000) * limit.pointReads)]),
    ),
    slowestPageP99: slowest(lists),
    idleCpuPercent: idle.cpuPercent,
    load: loadavg().map(rounded),
    seconds: rounded((performance.now() - began) / 1000),
  });
}

/** With what SQLite has not moved into the file yet. */
function sizeMB(database: string): number {
  const bytes = [database, `${database}-wal`].map(
    (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
  );
  return rounded(bytes.reduce((sum, each) => sum + each, 0) / 2 ** 20);
}

function slowest(lists: readonly Figure[]): number {
  return Math.max(...lists.map(({ p99 }) => p99));
}

async function taking<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const began = performance.now();
  const value = await work();
  return [value, rounded((performance.now() - began) / 1000)];
}

function lineOf(kind: string, value: object): string {
  const members = Object.entries(value).map(
    ([name, member]) => `${name} ${typeof member === 'object' ? JSON.stringify(member) : String(member)}`,
  );
  return `${kind.padEnd(10)} ${members.join(', ')}`;
}
