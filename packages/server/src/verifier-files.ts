import type { House } from './compose.ts';
import { type DataDirectory, writePrivate } from './data-directory.ts';

/** What an offline verifier needs: whose checkpoints to believe, and the public keys. */
export async function writeVerifierFiles({ logKey, engine }: House, data: DataDirectory): Promise<void> {
  writePrivate(data.trustPolicy, `log ${logKey.text}\nquorum none\n`);
  writePrivate(data.jwks, `${JSON.stringify({ keys: await engine.keys.published() })}\n`);
}
