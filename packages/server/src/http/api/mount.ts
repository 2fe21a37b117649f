import { parseStrictJson } from '@writ/attest';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { PROBLEMS, Problem } from '../problem.ts';
import { describeScope, schemaOf } from './describe.ts';
import type { Described, OpenOperation, Operation } from './operation.ts';
import { OPEN_OPERATIONS, OPERATIONS } from './operations.ts';

/** What answers requests; the document about them is made without one. */
export interface Answering {
  /** Whoever is signed in, to the operations that need it; whoever no page of another site has sent, to the open ones. */
  admit(request: FastifyRequest): Promise<void>;
  admitAnybody(request: FastifyRequest): Promise<void>;
  answer(operation: Operation, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
  answerAnybody(
    operation: OpenOperation,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply>;
  problem(problem: Problem, reply: FastifyReply): FastifyReply;
  fail(error: unknown, reply: FastifyReply): FastifyReply;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Mounts every operation, and what says what they are, in a scope of its own: JSON in, JSON and problems out. */
export async function mountOperations(
  scope: FastifyInstance,
  base: string,
  answering: Answering,
): Promise<void> {
  await describeScope(scope, base, [...OPERATIONS, ...OPEN_OPERATIONS]);
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_: FastifyRequest, body: Buffer) => (body.length === 0 ? undefined : parseStrictJson(body)),
  );
  // Operations read their own input, and what they answer is made member by member.
  scope.setValidatorCompiler(() => () => true);
  scope.setSerializerCompiler(() => (value) => JSON.stringify(value));
  scope.setErrorHandler((error: unknown, _, reply) => answering.fail(error, reply));
  scope.setNotFoundHandler((_, reply) => answering.problem(new Problem('unknown'), reply));
  for (const operation of OPERATIONS) {
    mountRoute(scope, operation, schemaOf(operation, false), {
      onRequest: async (request) => answering.admit(request),
      handler: async (request, reply) => answering.answer(operation, request, reply),
    });
  }
  for (const operation of OPEN_OPERATIONS) {
    mountRoute(scope, operation, schemaOf(operation, true), {
      onRequest: async (request) => answering.admitAnybody(request),
      handler: async (request, reply) => answering.answerAnybody(operation, request, reply),
    });
  }
  for (const { path, summary, id, body } of DOCUMENTS) {
    const handler = async (_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      reply
        .type('application/json; charset=utf-8')
        .header('Cache-Control', 'public, max-age=300')
        .send(body(scope));
    mountRoute(scope, { method: 'GET', path }, documentSchema(id, summary), { handler });
  }
  refuseOthers(scope, answering);
}

/** What is served to anybody: it says nothing that is not in the source. */
const DOCUMENTS: readonly {
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly body: (scope: FastifyInstance) => object;
}[] = [
  {
    path: '/openapi.json',
    id: 'getDescription',
    summary: 'Show this document',
    body: (scope) => scope.swagger(),
  },
  {
    path: '/problems',
    id: 'listProblems',
    summary: 'List the problems that there are',
    body: () => ({ problems: PROBLEMS }),
  },
];

function documentSchema(operationId: string, summary: string): FastifySchema {
  const response = { 200: { description: summary, content: { 'application/json': { schema: {} } } } };
  return { operationId, summary, security: [], response };
}

interface Handlers {
  readonly onRequest?: (request: FastifyRequest) => Promise<void>;
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

function mountRoute(
  scope: FastifyInstance,
  { method, path: url, largest }: Pick<Described, 'method' | 'path' | 'largest'>,
  schema: FastifySchema,
  handlers: Handlers,
): void {
  const limit = largest === undefined ? {} : { bodyLimit: largest };
  scope.route({ ...handlers, ...limit, url, method, schema });
  if (method === 'GET') scope.route({ ...handlers, url, method: 'HEAD', schema: { hide: true } });
}

/** Every other method at every URL, before any body is looked at. */
function refuseOthers(scope: FastifyInstance, answering: Answering): void {
  const routes = [
    ...OPERATIONS,
    ...OPEN_OPERATIONS,
    ...DOCUMENTS.map(({ path }) => ({ path, method: 'GET' })),
  ];
  for (const url of new Set(routes.map(({ path }) => path))) {
    const allowed = routes
      .filter(({ path }) => path === url)
      .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    const refuse = async (_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      answering.problem(new Problem('method-not-allowed'), reply.header('Allow', allowed.join(', ')));
    scope.route({
      method: METHODS.filter((method) => !allowed.includes(method)),
      url,
      schema: { hide: true },
      onRequest: refuse,
      handler: refuse,
    });
  }
}
