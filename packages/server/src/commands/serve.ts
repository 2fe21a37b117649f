import { WritError } from '@writ/core';
import { jsonLines } from '../events.ts';
import { type Running, type RunOptions, run } from './run.ts';

/**
 * Serves what is published. A changed directory changes nothing: publishing is a governed run.
 * @throws WritError `invalid` for a public URL without TLS, `unavailable` for an empty store
 */
export async function serve(options: RunOptions): Promise<Running> {
  return run(
    options,
    jsonLines(),
    ({ publicUrl }) => {
      if (publicUrl.startsWith('https:')) return;
      throw new WritError(
        'invalid',
        `the public URL \`${publicUrl}\` has no TLS; \`writ dev\` serves http, for yourself alone`,
      );
    },
    async ({ engine }) => {
      await engine.artefacts();
    },
  );
}
