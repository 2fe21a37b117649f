import type { DpopNonces } from '@writ/attest';
import type { Engine, Events } from '@writ/engine';
import type { Reader } from '@writ/store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SignIn } from './sign-in/settings.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<object | string | Buffer>;

/** What every endpoint is given. `get` and `post` mount below the public URL's path and refuse other methods. */
export interface Edge {
  readonly app: FastifyInstance;
  readonly engine: Engine;
  readonly read: Reader;
  readonly nonces: DpopNonces;
  readonly publicUrl: string;
  readonly now: () => number;
  readonly events: Events;
  /** null where nobody can sign in */
  readonly signIn: SignIn | null;
  get(path: string, handler: Handler): void;
  /** the same at a URL of its own */
  getAt(url: string, handler: Handler): void;
  post(path: string, handler: Handler): void;
}

export function createEdge(parts: Omit<Edge, 'get' | 'getAt' | 'post'>): Edge {
  const base = new URL(parts.publicUrl).pathname.replace(/\/$/, '');
  const mount = (method: 'GET' | 'POST', url: string, handler: Handler): void => {
    const allowed = method === 'GET' ? ['GET', 'HEAD'] : ['POST'];
    parts.app.route({ method: allowed, url, handler });
    parts.app.route({
      method: METHODS.filter((other) => !allowed.includes(other)),
      url,
      handler: async (_, reply) =>
        reply.code(405).header('Allow', allowed.join(', ')).send({ error: 'method_not_allowed' }),
    });
  };
  return {
    ...parts,
    get: (path, handler) => mount('GET', base + path, handler),
    getAt: (url, handler) => mount('GET', url, handler),
    post: (path, handler) => mount('POST', base + path, handler),
  };
}
