import { hash } from 'node:crypto';

export { readArtefacts } from './artefact-directory.ts';

/** What artefacts are named by: for commands that read a directory and need no server. */
export function sha256(data: Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer');
}
