import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WritError } from '@writ/core';
import { artefactPaths } from '../artefact-directory.ts';
import type { House } from '../compose.ts';
import { openDataDirectory } from '../data-directory.ts';
import { devPeopleEndpoints } from '../dev-people/dev-people.ts';
import { createSampleKeys } from '../dev-people/sample-keys.ts';
import { createSamplePeople } from '../dev-people/sample-people.ts';
import { type Emit, textLines } from '../events.ts';
import { createSealer, deriveKey } from '../sealing.ts';
import { readProposal } from './proposal.ts';
import { type Running, type RunOptions, run } from './run.ts';

/** By which sample people sign in, as if they had. */
const SAMPLE_ANCHOR = 'oidc/workforce';
/** Milliseconds between two looks at the directory. Looking is dull and sure; file notifications miss replaced files. */
const LOOK = 500;

/** Serves a directory and republishes what changes in it. Every leaf and receipt of such a set says `dev`. */
export async function dev(options: RunOptions, emit: Emit = textLines(Date.now)): Promise<Running> {
  const running = await run(options, emit, localOnly, async (house) => {
    const { publisher } = house.engine;
    const proposal = readProposal(options.directory);
    if ((await publisher.currentHash()) === null) await publisher.genesis(proposal, true);
    else await publisher.adopt(proposal);
    addSamplePeople(house, options.data);
  });
  const watcher = republish(options.directory, running.house, (message) =>
    process.stderr.write(`${message}\n`),
  );
  void running.stopped.finally(() => watcher[Symbol.dispose]());
  return running;
}

/** Passkeys need a host name: on an address there are no sample people. */
function addSamplePeople({ edge, engine }: House, dataPath: string): void {
  const { publicUrl, now } = edge;
  if (new URL(publicUrl).hostname !== 'localhost') return;
  const data = openDataDirectory(resolve(dataPath));
  const keys = createSampleKeys(data, createSealer(deriveKey(data.masterKey(), 'sample-people')));
  devPeopleEndpoints(edge, createSamplePeople({ engine, keys, anchor: SAMPLE_ANCHOR, publicUrl, now }));
}

function localOnly({ publicUrl }: { publicUrl: string }): void {
  const { hostname, protocol } = new URL(publicUrl);
  if (protocol === 'https:' || ['localhost', '127.0.0.1'].includes(hostname)) return;
  throw new WritError('invalid', `\`writ dev\` serves http on localhost alone, not \`${publicUrl}\``);
}

/** What cannot be loaded is reported and changes nothing: what is in force stays in force. */
function republish(directory: string, { engine }: House, say: (message: string) => void): Disposable {
  let seen = fingerprint(directory);
  let busy = false;
  const reload = async (): Promise<void> => {
    try {
      const proposal = readProposal(directory);
      const adopted = await engine.publisher.adopt(proposal);
      await engine.keys.start();
      if (adopted !== null) say(`republished  artefacts ${proposal.set.hash.slice(0, 12)}`);
    } catch (error) {
      say(
        `not republished; what was in force stays in force:\n${error instanceof Error ? error.message : 'unknown'}`,
      );
    }
  };
  const timer = setInterval(() => {
    const now = fingerprint(directory);
    if (busy || now === seen) return;
    seen = now;
    busy = true;
    void reload().finally(() => {
      busy = false;
    });
  }, LOOK);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Changes whenever a file is written, added or taken away; constant while the directory cannot be read. */
function fingerprint(directory: string): string {
  try {
    return artefactPaths(directory)
      .map((path) => {
        const { mtimeMs, size } = statSync(join(directory, path));
        return `${path} ${mtimeMs} ${size}`;
      })
      .join('\n');
  } catch {
    return '';
  }
}
