import { chmodSync, existsSync, rmSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

/** Unix socket paths are bounded by the operating system. Bytes. */
const LONGEST_PATH = 100;

/**
 * Listens on a Unix socket that only its owner can open. A socket file left by a killed process is taken over: whoever
 * gets here owns the store. Answers false where the path is too long for a socket.
 */
export async function listenLocally(app: FastifyInstance, path: string): Promise<boolean> {
  if (Buffer.byteLength(path) > LONGEST_PATH) return false;
  if (existsSync(path)) rmSync(path);
  const before = process.umask(0o177);
  try {
    await app.listen({ path });
  } finally {
    process.umask(before);
  }
  chmodSync(path, 0o600);
  return true;
}
