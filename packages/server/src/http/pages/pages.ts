import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Edge } from '../edge.ts';
import { problemOf } from '../problem.ts';
import { findSession } from '../session/require-session.ts';
import { returnPath } from '../sign-in/return-path.ts';
import { serveAssets } from './assets.ts';
import { deviceView } from './device.ts';
import { enrolView } from './enrol.ts';
import { inboxView } from './inbox.ts';
import { myRunsView } from './my-runs.ts';
import { passkeysView } from './passkeys.ts';
import { peopleView } from './people.ts';
import { problemView } from './problem-view.ts';
import { requestView } from './request/request.ts';
import { sendView } from './send.ts';
import { signInView } from './sign-in.ts';
import type { Reader, Site, View } from './site.ts';

type Show = (site: Site, reader: Reader, request: FastifyRequest) => Promise<View>;

/** Every page that says something to whoever is signed in, by its path. */
const PAGES: Readonly<Record<string, Show>> = {
  '/': inboxView,
  '/runs': myRunsView,
  '/approve/:run': requestView,
  '/passkeys': passkeysView,
  '/device': deviceView,
  '/people': peopleView,
};

/** The plain pages, and what they load. The full console will take their place. */
export function pages(edge: Edge): void {
  const base = new URL(edge.publicUrl).pathname.replace(/\/$/, '');
  const site: Site = { edge, base, assets: serveAssets(edge, base) };
  for (const [path, show] of Object.entries(PAGES))
    edge.get(path, async (request, reply) => answer(site, show, request, reply));
  edge.get('/enrol', async (_, reply) => sendView(site, reply, null, enrolView(site)));
}

async function answer(
  site: Site,
  show: Show,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { edge } = site;
  let reader: Reader | null = null;
  try {
    reader = await readerOf(edge, request);
    if (reader === null) return stranger(site, request, reply);
    return sendView(site, reply, reader, await show(site, reader, request));
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status >= 500) report(edge, error);
    return sendView(site, reply, reader, problemView(site, problem));
  }
}

async function readerOf(edge: Edge, request: FastifyRequest): Promise<Reader | null> {
  const session = await findSession(edge, request);
  const profile = session === null ? null : await edge.engine.people.profile(session);
  return session === null || profile === null ? null : { session, name: profile.name, roles: profile.roles };
}

/**
 * A link on another site comes without the strict cookie, as if nobody were signed in. The page that asks again by itself is
 * ours, so the cookie goes with that.
 */
function stranger(site: Site, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const to = returnPath(request.url, site.edge.publicUrl);
  if (request.headers['sec-fetch-site'] === 'cross-site') reply.header('Refresh', `0; url=${to}`);
  const root = request.url === `${site.base}/`;
  if (!root) reply.header('WWW-Authenticate', 'Bearer');
  return sendView(site, reply, null, { ...signInView(site, to), status: root ? 200 : 401 });
}

function report({ events }: Edge, error: unknown): void {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
  events.failed({ what: 'a page', message });
}
