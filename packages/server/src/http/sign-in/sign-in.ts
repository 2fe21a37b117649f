import { type Anchor, WritError } from '@writ/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Edge } from '../edge.ts';
import { sessionCookie } from '../session/cookie.ts';
import { jsonScope } from '../session/json-scope.ts';
import { requireSession, sessionOf } from '../session/require-session.ts';
import { paragraph, sendBounce, sendPage } from './page.ts';
import { returnPath } from './return-path.ts';
import type { SignIn } from './settings.ts';

/** Milliseconds somebody may take at the identity provider. */
const PATIENCE = 10 * 60_000;

/** `GET /sign-in` leads to the identity provider, `GET /sign-in/callback` back from it, `POST /sign-out` ends the session. */
export function signInEndpoints(edge: Edge): void {
  edge.get('/sign-in', async (request, reply) => begin(edge, request, reply));
  edge.get('/sign-in/callback', async (request, reply) => finish(edge, request, reply));
  jsonScope(edge, (mount) => {
    mount('/sign-out', {
      POST: {
        admit: requireSession(edge),
        handle: async (request, reply) => {
          await edge.engine.people.signOut(sessionOf(request));
          reply.header('Set-Cookie', sessionCookie(edge.publicUrl).take());
          return {};
        },
      },
    });
  });
}

async function begin(edge: Edge, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { signIn, now, publicUrl } = edge;
  if (signIn === null) return unsupported(reply);
  try {
    const { url, login } = await signIn.provider.begin(await anchorOf(edge, signIn));
    const asked = queryOf(request).get('to');
    const open = { ...login, to: returnPath(asked, publicUrl), until: now() + PATIENCE };
    return await reply.header('Set-Cookie', signIn.cookie.give(open)).redirect(url, 303);
  } catch (error) {
    return failed(edge, reply, error);
  }
}

async function finish(edge: Edge, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { signIn, now, publicUrl, engine } = edge;
  if (signIn === null) return unsupported(reply);
  reply.header('Set-Cookie', signIn.cookie.take());
  const login = signIn.cookie.read(request.headers.cookie, now());
  if (login === null) return expired(reply);
  try {
    const fresh = await engine.spend({ key: `login:${login.state}`, holder: null, until: login.until });
    if (!fresh) return await expired(reply);
    const answer = new URL(`${publicUrl}/sign-in/callback?${queryOf(request).toString()}`);
    const token = await signIn.provider.finish(await anchorOf(edge, signIn), answer, login);
    const result = await engine.people.signInWith(token, signIn.anchor);
    if ('reference' in result) return stranger(reply, result.reference);
    const { secret, session } = result;
    const seconds = Math.floor((session.expiresAt - now()) / 1000);
    reply.header('Set-Cookie', sessionCookie(publicUrl).give(secret.reveal(), seconds));
    return sendBounce(reply, 'Signed in', login.to);
  } catch (error) {
    return failed(edge, reply, error);
  }
}

async function anchorOf({ engine }: Edge, { anchor: name }: SignIn): Promise<Anchor> {
  const anchor = (await engine.artefacts()).anchors.get(name);
  if (anchor !== undefined) return anchor;
  throw new WritError(
    'unavailable',
    `\`sign-in.anchor\` of writ.yaml names \`${name}\`, and there is no such anchor`,
  );
}

/** The raw one: what a framework makes of it may differ from what the provider sent. */
function queryOf({ raw }: FastifyRequest): URLSearchParams {
  const url = raw.url ?? '';
  return new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
}

function unsupported(reply: FastifyReply): FastifyReply {
  return sendPage(
    reply,
    501,
    'Nobody can sign in',
    paragraph('writ.yaml names no identity provider under sign-in.'),
  );
}

function expired(reply: FastifyReply): FastifyReply {
  const text = 'This sign-in was begun elsewhere, too long ago, or was used before. Sign in again.';
  return sendPage(reply, 400, 'Sign in again', paragraph(text));
}

/** One page for whatever is wrong, with a reference that operators can have explained (law 14). */
function stranger(reply: FastifyReply, reference: string): FastifyReply {
  const text = `You could not be signed in. Whoever runs this server can explain the reference ${reference}.`;
  return sendPage(reply, 403, 'Not signed in', paragraph(text));
}

function failed({ engine, events }: Edge, reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof WritError && error.code === 'unavailable') {
    events.failed({ what: 'a sign-in', message: error.message });
    const text = 'The identity provider does not answer. Try again in a moment.';
    return sendPage(reply, 503, 'Not signed in', paragraph(text));
  }
  if (!(error instanceof WritError)) throw error;
  return stranger(reply, engine.people.refuseSignIn(error.message));
}
