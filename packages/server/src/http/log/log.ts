import { entryBundle, LedgerError, parseTilePath, TILE_WIDTH, type TileAddress } from '@writ/ledger';
import type { Reader } from '@writ/store';
import type { Edge } from '../edge.ts';

/** C2SP tlog-tiles: the checkpoint, hash tiles and entry bundles, as static as they come. */
export function logEndpoints(edge: Edge): void {
  edge.get('/checkpoint', async (_, reply) => {
    reply.type('text/plain; charset=utf-8').header('Cache-Control', 'no-cache');
    return (await edge.read.tree()).checkpoint;
  });
  edge.get('/tile/*', async (request, reply) => {
    const address = addressOf(request.params);
    const tile = address === null ? null : await readTile(edge.read, address);
    if (tile === null) return reply.code(404).type('text/plain').send('no such tile\n');
    reply.type('application/octet-stream').header('Cache-Control', 'public, max-age=31536000, immutable');
    return tile;
  });
}

function addressOf(parameters: unknown): TileAddress | null {
  const rest: unknown =
    typeof parameters === 'object' && parameters !== null ? Reflect.get(parameters, '*') : null;
  try {
    return typeof rest === 'string' ? parseTilePath(`tile/${rest}`) : null;
  } catch (error) {
    if (error instanceof LedgerError) return null;
    throw error;
  }
}

/** What a tile or bundle holds never changes; a width that the log has not reached yet is not there. */
async function readTile(read: Reader, { level, index, width }: TileAddress): Promise<Buffer | null> {
  if (level !== 'entries') {
    const hashes = await read.tile(level, index);
    return hashes === null || hashes.length < width * 32 ? null : Buffer.from(hashes.subarray(0, width * 32));
  }
  const from = index * TILE_WIDTH;
  if (!Number.isSafeInteger(from)) return null;
  const entries = await read.entries(from, from + width);
  return entries.length < width ? null : Buffer.from(entryBundle(entries.map(({ leaf }) => leaf)));
}
