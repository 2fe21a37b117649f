import { isUtf8 } from 'node:buffer';
import { WritError } from '@writ/core';
import type { Events } from '@writ/engine';
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import { apiEndpoints } from './api/api.ts';
import { createEdge, type Edge } from './edge.ts';
import { healthEndpoints } from './health/health.ts';
import { introspectEndpoint } from './introspect/introspect.ts';
import { jwksEndpoint } from './jwks/jwks.ts';
import { logEndpoints } from './log/log.ts';
import { metadataEndpoint } from './metadata/metadata.ts';
import { OAuthError } from './oauth-error.ts';
import { pages } from './pages/pages.ts';
import { receiptsEndpoint } from './receipts/receipts.ts';
import { revokeEndpoint } from './revoke/revoke.ts';
import { signInEndpoints } from './sign-in/sign-in.ts';
import { tokenEndpoint } from './token/token.ts';

const ENDPOINTS: readonly ((edge: Edge) => void)[] = [
  tokenEndpoint,
  introspectEndpoint,
  revokeEndpoint,
  metadataEndpoint,
  jwksEndpoint,
  logEndpoints,
  receiptsEndpoint,
  healthEndpoints,
  apiEndpoints,
  signInEndpoints,
  pages,
];

/** The longest body of any endpoint: two tokens and their details. Bytes. */
const BODY_LIMIT = 65_536;

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
};

/** The public side of the process. Everything it answers is JSON unless an endpoint says otherwise. */
export function createApp(parts: Omit<Edge, 'get' | 'getAt' | 'post' | 'app'>): Edge {
  const { events } = parts;
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    exposeHeadRoutes: false,
    // What no route was found for, because it is no URL: said without repeating it.
    frameworkErrors: (error: unknown, _: FastifyRequest, reply: FastifyReply) => {
      const { status, body } = wireError(error, events);
      void reply.headers(HEADERS).code(status).send(body);
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_, body, done) => {
    // Bytes that are not UTF-8 would all be read as the same character: they are no form.
    done(null, Buffer.isBuffer(body) && isUtf8(body) ? body.toString('utf8') : null);
  });
  app.addHook('onRequest', (_, reply, done) => {
    reply.headers(HEADERS);
    done();
  });
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 'not_found' }));
  app.setErrorHandler((error: unknown, _, reply) => {
    const { status, body } = wireError(error, events);
    if (status === 401) reply.header('WWW-Authenticate', 'private_key_jwt');
    return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
  });
  const edge = createEdge({ app, ...parts });
  for (const endpoint of ENDPOINTS) endpoint(edge);
  return edge;
}

/** The one place where what goes wrong becomes a status. What nobody foresaw is a 500 that says nothing but its reference. */
function wireError(error: unknown, events: Events): { status: number; body: object } {
  if (error instanceof OAuthError) return { status: error.status, body: error.body };
  if (isClientError(error))
    return { status: error.statusCode, body: { error: 'invalid_request', error_description: plain(error) } };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
  events.failed({ what: 'a request', message });
  if (error instanceof WritError && (error.code === 'unavailable' || error.code === 'contention')) {
    return {
      status: 503,
      body: { error: 'temporarily_unavailable', error_description: 'try again in a moment' },
    };
  }
  return {
    status: 500,
    body: { error: 'server_error', error_description: 'this should not have happened; the log says more' },
  };
}

/** Errors that the HTTP framework raises for what a client sent: too large, of another type, malformed. */
function isClientError(error: unknown): error is FastifyError & { statusCode: number } {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  );
}

function plain({ statusCode }: { statusCode: number }): string {
  if (statusCode === 413) return `the body is larger than ${BODY_LIMIT} bytes`;
  if (statusCode === 415) return 'the body must be application/x-www-form-urlencoded';
  return 'the request is malformed';
}
