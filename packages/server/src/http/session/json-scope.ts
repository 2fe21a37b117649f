import { parseStrictJson } from '@writ/attest';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Edge } from '../edge.ts';
import { Problem, problemOf } from '../problem.ts';
import type { RequestHook } from './require-session.ts';

/** What answers one method of a path. */
export interface JsonRoute {
  /** who may ask: `requireSession`, or what stands in its place */
  readonly admit: RequestHook;
  handle(request: FastifyRequest, reply: FastifyReply): Promise<object>;
}

/** Mounts a path below the public URL's own, for the methods it names. Any other is refused. */
export type MountJson = (path: string, methods: Readonly<Record<string, JsonRoute>>) => void;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A part of the public side that takes JSON, strictly read (F14), and answers JSON and problems of RFC 9457. */
export function jsonScope(edge: Edge, routes: (mount: MountJson) => void): void {
  const base = new URL(edge.publicUrl).pathname.replace(/\/$/, '');
  const answer = (reply: FastifyReply, problem: Problem): FastifyReply => {
    if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer');
    return reply
      .code(problem.status)
      .type('application/problem+json; charset=utf-8')
      .send(JSON.stringify(problem.body(`${edge.publicUrl}/api/v1`)));
  };
  void edge.app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async (_: FastifyRequest, body: Buffer) => parseStrictJson(body),
    );
    scope.setErrorHandler((error: unknown, _, reply) => {
      const problem = problemOf(error);
      if (problem.code === 'unforeseen') reportFailure(edge, error);
      return answer(reply, problem);
    });
    routes((path, methods) => {
      const url = base + path;
      const allowed = Object.keys(methods).flatMap((method) =>
        method === 'GET' ? ['GET', 'HEAD'] : [method],
      );
      for (const [method, route] of Object.entries(methods)) {
        scope.route({
          method: method === 'GET' ? ['GET', 'HEAD'] : [method],
          url,
          onRequest: route.admit,
          handler: async (request, reply) => route.handle(request, reply),
        });
      }
      scope.route({
        method: METHODS.filter((method) => !allowed.includes(method)),
        url,
        // Before any body is looked at.
        onRequest: async (_, reply) =>
          answer(reply.header('Allow', allowed.join(', ')), new Problem('method-not-allowed')),
        handler: async (_, reply) => reply,
      });
    });
  });
}

function reportFailure({ events }: Edge, error: unknown): void {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
  events.failed({ what: 'a request', message });
}
