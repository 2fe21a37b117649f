import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join, resolve } from 'node:path';
import { readConfig } from '../config.ts';
import { readProposal } from './proposal.ts';
import type { RunOptions } from './run.ts';

export interface Check {
  readonly what: string;
  readonly good: boolean;
  /** what was found */
  readonly found: string;
  /** the command that mends it; empty where nothing is to be mended */
  readonly mend: string;
}

/** Looks at everything a start depends on, and says for each failing thing what mends it. */
export async function doctor(options: RunOptions): Promise<readonly Check[]> {
  const data = resolve(options.data);
  return [
    nodeVersion(),
    attempt(
      'configuration',
      () => `serves ${readConfig(options.directory, options).publicUrl}`,
      `edit ${join(options.directory, 'writ.yaml')}`,
    ),
    attempt('artefacts', () => loaded(options.directory), `writ flow check ${options.directory}`),
    attempt('data directory', () => writable(data), `mkdir -p ${data} && chmod 700 ${data}`),
    attempt(
      'master key',
      () => privateFile(join(data, 'master.key')),
      `chmod 600 ${join(data, 'master.key')}`,
    ),
    attempt(
      'store',
      () => (existsSync(join(data, 'writ.db')) ? 'there' : 'will be made by `writ init` or `writ dev`'),
      '',
    ),
    await port(options),
  ];
}

function attempt(what: string, look: () => string, mend: string): Check {
  try {
    return { what, good: true, found: look(), mend: '' };
  } catch (error) {
    return { what, good: false, found: error instanceof Error ? error.message : 'unknown', mend };
  }
}

function nodeVersion(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > 24 || (major === 24 && minor >= 12);
  return {
    what: 'Node.js',
    good,
    found: process.versions.node,
    mend: good ? '' : 'npm ci   # brings Node 24 along',
  };
}

function loaded(directory: string): string {
  const { set, identities } = readProposal(directory);
  return `${set.flows.size} flows, ${set.rights.size} rights, ${identities.length} identities`;
}

function writable(path: string): string {
  if (!existsSync(path)) return 'will be made';
  accessSync(path, constants.W_OK);
  if ((statSync(path).mode & 0o077) !== 0) throw new Error('others can look into it');
  return path;
}

function privateFile(path: string): string {
  if (!existsSync(path)) return 'will be made';
  if ((statSync(path).mode & 0o077) !== 0) throw new Error('others can read it');
  return 'readable by its owner alone';
}

/** A port that answers is either ours, running, or somebody else's. */
async function port(options: RunOptions): Promise<Check> {
  let address: { host: string; port: number };
  try {
    address = readConfig(options.directory, options).listen;
  } catch {
    return { what: 'listening', good: false, found: 'unknown, as the configuration does not load', mend: '' };
  }
  const { promise, resolve: answer } = Promise.withResolvers<boolean>();
  const socket = createConnection(address, () => answer(true)).on('error', () => answer(false));
  const taken = await promise;
  socket.destroy();
  const found = `${address.host}:${address.port} ${taken ? 'is answered (by Writ, if it is running)' : 'is free'}`;
  return { what: 'listening', good: true, found, mend: '' };
}
