import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { asciiJson } from '../ascii-json.ts';
import type { Edge } from '../edge.ts';
import { Problem, problemOf } from '../problem.ts';
import { requireSession, sessionOf } from '../session/require-session.ts';
import { requireSameOrigin } from '../session/same-origin.ts';
import { type Answering, mountOperations } from './mount.ts';
import type { Described, OpenCall, Reply } from './operation.ts';

/** Where the API is, below the path of the public URL. */
const PREFIX = '/api/v1';

/** The REST API over runs, identities and passkeys. Whatever it decides, the engine decides. */
export function apiEndpoints(edge: Edge): void {
  const prefix = new URL(edge.publicUrl).pathname.replace(/\/$/, '') + PREFIX;
  void edge.app.register(
    async (scope) => mountOperations(scope, edge.publicUrl + PREFIX, answeringBy(edge)),
    {
      prefix,
    },
  );
}

/** The OpenAPI 3.1 document of the API at a public URL, as `GET /api/v1/openapi.json` answers it. */
export async function apiDocument(publicUrl: string): Promise<object> {
  const app = Fastify({ logger: false, exposeHeadRoutes: false });
  const nobody = (): never => {
    throw new Problem('unsupported');
  };
  const nothing: Answering = {
    admit: nobody,
    admitAnybody: nobody,
    answer: nobody,
    answerAnybody: nobody,
    problem: nobody,
    fail: nobody,
  };
  let read = (): object => ({});
  await app.register(
    async (scope) => {
      await mountOperations(scope, publicUrl + PREFIX, nothing);
      read = () => scope.swagger();
    },
    { prefix: new URL(publicUrl).pathname.replace(/\/$/, '') + PREFIX },
  );
  await app.ready();
  return read();
}

function answeringBy(edge: Edge): Answering {
  const base = edge.publicUrl + PREFIX;
  const problem: Answering['problem'] = (given, reply) => {
    if (given.status === 401) reply.header('WWW-Authenticate', 'Bearer');
    if (given.status === 503) reply.header('Retry-After', '1');
    return reply
      .code(given.status)
      .type('application/problem+json; charset=utf-8')
      .send(asciiJson(given.body(base)));
  };
  return {
    problem,
    admit: requireSession(edge),
    fail: (error, reply) => {
      const given = problemOf(error);
      if (given.status >= 500) report(edge, error);
      return problem(given, reply);
    },
    admitAnybody: async (request) => requireSameOrigin(request, edge.publicUrl, false),
    answer: async (operation, request, reply) => {
      const call = callOf(edge, operation, request);
      const { runs } = edge.engine;
      return send(request, reply, await operation.handle({ ...call, runs, session: sessionOf(request) }));
    },
    answerAnybody: async (operation, request, reply) =>
      send(request, reply, await operation.handle(callOf(edge, operation, request))),
  };
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body, headers = {}, etag }: Reply,
): FastifyReply {
  reply.headers(headers);
  if (etag !== undefined) {
    reply.header('ETag', etag);
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  }
  return reply.code(status).type('application/json; charset=utf-8').send(asciiJson(body));
}

function callOf(edge: Edge, { query, body }: Described, request: FastifyRequest): OpenCall {
  if (query === undefined && request.url.includes('?'))
    throw new Problem('invalid', { detail: 'nothing is asked for by query here' });
  if (body === undefined && isThere(request.body))
    throw new Problem('invalid', { detail: 'no body is taken here', help: 'send `{}`, or none' });
  return {
    people: edge.engine.people,
    id: idOf(request.params),
    query: request.query,
    body: request.body ?? undefined,
    base: edge.publicUrl + PREFIX,
    publicUrl: edge.publicUrl,
    at: edge.now(),
    header: (name) => {
      const [value, second] = request.raw.headersDistinct[name] ?? [];
      if (second !== undefined)
        throw new Problem('invalid', { detail: `the header \`${name}\` is given twice` });
      return value ?? null;
    },
  };
}

/** Whether a body says anything. */
function isThere(body: unknown): boolean {
  if (body === undefined || body === null) return false;
  return typeof body !== 'object' || Object.keys(body).length > 0;
}

/** The one parameter of a path. */
function idOf(parameters: unknown): string {
  const [id] =
    typeof parameters === 'object' && parameters !== null ? Object.values<unknown>({ ...parameters }) : [];
  return typeof id === 'string' ? id : '';
}

function report({ events }: Edge, error: unknown): void {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
  events.failed({ what: 'a request of the API', message });
}
