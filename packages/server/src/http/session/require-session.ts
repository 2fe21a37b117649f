import type { Session } from '@writ/core';
import type { FastifyRequest } from 'fastify';
import type { Edge } from '../edge.ts';
import { Problem } from '../problem.ts';
import { readCookie, sessionCookie } from './cookie.ts';
import { requireSameOrigin } from './same-origin.ts';

type SessionEdge = Pick<Edge, 'engine' | 'publicUrl'>;

/** What is done before a route's handler. */
export type RequestHook = (request: FastifyRequest) => Promise<void>;

/** Sessions by the request that came with them. */
const sessions = new WeakMap<FastifyRequest, Session>();

/**
 * The one door to whatever needs a person: an `onRequest` hook that finds the session of a cookie or of `Authorization:
 * Bearer`, and refuses what another site's page may have sent. The handler asks `sessionOf`.
 */
export function requireSession(edge: SessionEdge): RequestHook {
  return async (request) => {
    const presented = presentedBy(request, edge.publicUrl);
    requireSameOrigin(request, edge.publicUrl, presented?.ambient !== false);
    const session = presented === null ? null : await edge.engine.people.session(presented.secret);
    if (session === null) throw new Problem('not-signed-in');
    sessions.set(request, session);
  };
}

/** The session that `requireSession` found. */
export function sessionOf(request: FastifyRequest): Session {
  const session = sessions.get(request);
  if (session === undefined) throw new Problem('not-signed-in');
  return session;
}

/** Who is signed in, if anybody: for pages that say something to strangers too, and change nothing. */
export async function findSession(edge: SessionEdge, request: FastifyRequest): Promise<Session | null> {
  const presented = presentedBy(request, edge.publicUrl);
  return presented === null ? null : edge.engine.people.session(presented.secret);
}

interface Presented {
  readonly secret: string;
  /** whether a browser adds it by itself */
  readonly ambient: boolean;
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** An `Authorization` header is what counts where there is one, whatever it holds. */
function presentedBy(request: FastifyRequest, publicUrl: string): Presented | null {
  const { authorization, cookie } = request.headers;
  const ambient = authorization === undefined;
  const secret = ambient
    ? readCookie(cookie, sessionCookie(publicUrl).name)
    : (/^Bearer (\S+)$/i.exec(authorization)?.[1] ?? null);
  return secret !== null && SECRET.test(secret) ? { secret, ambient } : null;
}
