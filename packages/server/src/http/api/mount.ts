import { parseStrictJson } from '@writ/attest';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { PROBLEMS, Problem } from '../problem.ts';
import { describeScope, schemaOf } from './describe.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';

/** What answers requests; the document about them is made without one. */
export interface Answering {
  admit(request: FastifyRequest): Promise<void>;
  answer(operation: Operation, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
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
  await describeScope(scope, base, OPERATIONS);
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
  const methods = new Map<string, string[]>();
  for (const operation of OPERATIONS) {
    mountOperation(scope, operation, answering);
    const known = methods.get(operation.path) ?? [];
    methods.set(operation.path, [...known, ...(operation.method === 'GET' ? ['GET', 'HEAD'] : ['POST'])]);
  }
  mountOpen(scope, '/openapi.json', 'getDescription', 'Show this document', {}, () => scope.swagger());
  mountOpen(scope, '/problems', 'listProblems', 'List the problems that there are', {}, () => ({
    problems: PROBLEMS,
  }));
  for (const path of ['/openapi.json', '/problems']) methods.set(path, ['GET', 'HEAD']);
  for (const [url, allowed] of methods) refuseOthers(scope, url, allowed, answering);
}

function mountOperation(scope: FastifyInstance, operation: Operation, answering: Answering): void {
  const { method, path: url } = operation;
  const route = {
    url,
    onRequest: async (request: FastifyRequest) => answering.admit(request),
    handler: async (request: FastifyRequest, reply: FastifyReply) =>
      answering.answer(operation, request, reply),
  };
  scope.route({ ...route, method, schema: schemaOf(operation) });
  if (method === 'GET') scope.route({ ...route, method: 'HEAD', schema: { hide: true } });
}

/** What is served to anybody: it says nothing that is not in the source. */
function mountOpen(
  scope: FastifyInstance,
  url: string,
  operationId: string,
  summary: string,
  shape: TSchema,
  body: () => object,
): void {
  const schema = {
    operationId,
    summary,
    security: [],
    response: { 200: { description: summary, content: { 'application/json': { schema: shape } } } },
  };
  const handler = async (_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    reply.type('application/json; charset=utf-8').header('Cache-Control', 'public, max-age=300').send(body());
  scope.route({ method: 'GET', url, handler, schema });
  scope.route({ method: 'HEAD', url, handler, schema: { hide: true } });
}

function refuseOthers(
  scope: FastifyInstance,
  url: string,
  allowed: readonly string[],
  answering: Answering,
): void {
  const refuse = async (_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    answering.problem(new Problem('method-not-allowed'), reply.header('Allow', allowed.join(', ')));
  scope.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url,
    schema: { hide: true },
    // Before any body is looked at.
    onRequest: refuse,
    handler: refuse,
  });
}
