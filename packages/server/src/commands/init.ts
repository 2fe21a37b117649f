import { resolve } from 'node:path';
import { compose } from '../compose.ts';
import { readConfig } from '../config.ts';
import { openDataDirectory } from '../data-directory.ts';
import { textLines } from '../events.ts';
import { writeVerifierFiles } from '../verifier-files.ts';
import { readProposal } from './proposal.ts';
import type { RunOptions } from './run.ts';

/** Makes an empty store's first leaf from a directory. @throws WritError `conflict` when the store has a ledger */
export async function init(
  options: RunOptions,
): Promise<{ readonly artefacts: string; readonly identities: number; readonly publicUrl: string }> {
  const config = readConfig(options.directory, options);
  const proposal = readProposal(options.directory);
  const data = openDataDirectory(resolve(options.data));
  await using house = await compose(config, data, textLines(Date.now), Date.now, options.open);
  await house.engine.publisher.genesis(proposal, false);
  await house.engine.keys.start();
  await writeVerifierFiles(house, data);
  const { publicUrl } = config;
  return { artefacts: proposal.set.hash, identities: proposal.identities.length, publicUrl };
}
