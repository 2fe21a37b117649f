import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Edge } from '../edge.ts';

/**
 * What pages load: plain files beside this one, which the package ships as they are written. There is no build, and what the
 * tests run is what the browser runs; `assets/tsconfig.json` checks their types. The path is the same from `dist/http/pages`.
 */
const FOLDER = resolve(import.meta.dirname, '../../../src/http/pages/assets');

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Seconds. */
const YEAR = 31_536_000;

export interface Assets {
  /** path of a file, with the digest of all of them in it: modules import each other by relative names */
  path(name: string): string;
}

/** Serves every asset for as long as anybody wants to keep it: another content is another path. */
export function serveAssets(edge: Edge, base: string): Assets {
  const files = readdirSync(FOLDER)
    .filter((name) => extname(name) in TYPES)
    .map((name) => ({ name, bytes: readFileSync(resolve(FOLDER, name)) }));
  const digests = files.map(({ name, bytes }) => `${name} ${hash('sha256', bytes)}`);
  const version = hash('sha256', digests.join('\n')).slice(0, 16);
  for (const { name, bytes } of files) {
    const etag = `"${hash('sha256', bytes, 'base64url')}"`;
    edge.get(`/assets/${version}/${name}`, async (request, reply) => {
      reply.headers({ 'Cache-Control': `public, max-age=${YEAR}, immutable`, ETag: etag });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.type(TYPES[extname(name)] ?? '').send(bytes);
    });
  }
  return { path: (name) => `${base}/assets/${version}/${name}` };
}
