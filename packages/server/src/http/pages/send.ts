import type { FastifyReply } from 'fastify';
import { framed } from './frame.ts';
import type { Reader, Site, View } from './site.ts';

const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** Answers with a page. That nobody keeps, sniffs or embeds it is said of everything that the public side answers. */
export function sendView(site: Site, reply: FastifyReply, reader: Reader | null, view: View): FastifyReply {
  return reply
    .code(view.status ?? 200)
    .headers(HEADERS)
    .type('text/html; charset=utf-8')
    .send(String(framed(site, reader, view)));
}
