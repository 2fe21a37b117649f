import { WritError } from '@writ/core';
import type { Proposal } from '@writ/engine';
import { formatProblem, loadSet, unpinned } from '@writ/flow';
import { readArtefacts } from '../artefact-directory.ts';
import { sha256 } from '../compose.ts';

/**
 * What a directory proposes to put in force.
 * @throws WritError `invalid` with every mistake, or every proof that pins nobody, a line each
 */
export function readProposal(directory: string): Proposal {
  const files = readArtefacts(directory);
  if (files.length === 0) {
    throw new WritError(
      'invalid',
      `\`${directory}\` holds no artefact files; examples/acme shows a complete directory`,
    );
  }
  const { set, identities, problems } = loadSet(files, sha256);
  if (set === null) throw new WritError('invalid', problems.map(formatProblem).join('\n'));
  const open = unpinned(set);
  if (open.length > 0) throw new WritError('invalid', open.join('\n'));
  return { set, files, identities };
}
