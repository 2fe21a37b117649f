import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { shapeReader } from '../http/api/read-shape.ts';
import { base64url, text } from '../http/api/shapes/text.ts';
import type { Edge } from '../http/edge.ts';
import { sessionCookie } from '../http/session/cookie.ts';
import { jsonScope } from '../http/session/json-scope.ts';
import { requireSession, sessionOf } from '../http/session/require-session.ts';
import { requireSameOrigin } from '../http/session/same-origin.ts';
import type { SamplePeople } from './sample-people.ts';

const readPerson = shapeReader(
  Type.Object({ person: text('`user:…`, of `GET /dev/people`') }, { additionalProperties: false }),
);

const readChallenge = shapeReader(
  Type.Object(
    {
      challenge: base64url('what is to be signed: 32 bytes', 43),
      purpose: text('what it is signed for, in a word: it is reported'),
    },
    { additionalProperties: false },
  ),
);

/**
 * Sign-in and passkeys of sample people. `writ dev` alone mounts this, on localhost: whoever reaches it is whoever they
 * choose to be.
 */
export function devPeopleEndpoints(edge: Edge, sample: SamplePeople): void {
  const cookie = sessionCookie(edge.publicUrl);
  // It reads no cookie, so what a browser adds by itself opens nothing.
  const fromHere = async (request: Parameters<typeof requireSameOrigin>[0]): Promise<void> => {
    requireSameOrigin(request, edge.publicUrl, false);
  };
  jsonScope(edge, (mount) => {
    mount('/dev/people', {
      GET: { admit: fromHere, handle: async () => ({ people: await sample.list() }) },
    });
    mount('/dev/sign-in', {
      POST: {
        admit: fromHere,
        handle: async ({ body }, reply: FastifyReply) => {
          const { secret, session } = await sample.signIn(readPerson(body).person);
          const seconds = Math.floor((session.expiresAt - edge.now()) / 1000);
          reply.header('Set-Cookie', cookie.give(secret.reveal(), seconds));
          return { person: session.person, sample: true };
        },
      },
    });
    mount('/dev/assert', {
      POST: {
        admit: requireSession(edge),
        handle: async (request) => {
          const { challenge, purpose } = readChallenge(request.body);
          const session = sessionOf(request);
          const assertion = await sample.assert(session, Buffer.from(challenge, 'base64url'));
          edge.events.sampleSigned({ person: session.person, purpose });
          return { assertion, sample: true };
        },
      },
    });
  });
}
