import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const JSON_TYPE = /^application\/json(?:\s*;\s*charset=utf-8)?$/i;

/**
 * What changes something is JSON, from a page of ours. No form, image or script of another site can send either: a browser
 * says where a page comes from, and asks first before it sends JSON elsewhere, which nobody here ever allows.
 *
 * A request that no page sent has no `Origin`. It may pass where `ambient` is false: nothing is then done with what a
 * browser adds by itself.
 *
 * @throws Problem `not-json` or `refused`
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string, ambient: boolean): void {
  if (SAFE.has(request.method)) return;
  const { origin, 'content-type': type = '' } = request.headers;
  if (!JSON_TYPE.test(type)) throw new Problem('not-json');
  if (origin === new URL(publicUrl).origin) return;
  if (origin === undefined && !ambient) return;
  throw new Problem('refused', {
    detail: 'the request comes from a page of another site',
    help: `send it from a page of ${publicUrl}, or from a terminal with \`Authorization: Bearer\``,
  });
}
