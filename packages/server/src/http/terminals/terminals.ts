import { Type } from 'typebox';
import { shapeReader } from '../api/read-shape.ts';
import { base64url } from '../api/shapes/text.ts';
import type { Edge } from '../edge.ts';
import { Problem } from '../problem.ts';
import { jsonScope } from '../session/json-scope.ts';
import type { RequestHook } from '../session/require-session.ts';
import { requireSameOrigin } from '../session/same-origin.ts';

/** Seconds between two polls. */
const INTERVAL = 2;

const readPoll = shapeReader(
  Type.Object({ device_code: base64url('that of the start', 43) }, { additionalProperties: false }),
);
const readNothing = shapeReader(Type.Object({}, { additionalProperties: false }));

/**
 * Sign-in of a terminal, in the manner of RFC 8628: `POST /api/v1/device` begins, a person confirms on a page of ours, `POST
 * /api/v1/device/token` is asked until they have. Neither needs a session, and neither looks at a cookie: what a browser
 * adds by itself opens nothing here.
 */
export function terminalEndpoints(edge: Edge): void {
  const admit: RequestHook = async (request) => {
    requireSameOrigin(request, edge.publicUrl, false);
  };
  jsonScope(edge, (mount) => {
    mount('/api/v1/device', { POST: { admit, handle: async ({ body }) => start(edge, body) } });
    mount('/api/v1/device/token', { POST: { admit, handle: async ({ body }) => poll(edge, body) } });
  });
}

async function start({ engine, publicUrl, now }: Edge, body: unknown): Promise<object> {
  readNothing(body);
  const { deviceCode, userCode, expiresAt } = await engine.people.startTerminal();
  return {
    device_code: deviceCode.reveal(),
    user_code: userCode,
    verification_uri: `${publicUrl}/device`,
    expires_in: Math.floor((expiresAt - now()) / 1000),
    interval: INTERVAL,
  };
}

/** RFC 8628 §3.5 has error codes for these; here they are states. */
async function poll({ engine }: Edge, body: unknown): Promise<object> {
  const polled = await engine.people.pollTerminal(readPoll(body).device_code);
  switch (polled.state) {
    case 'waiting':
      return { state: 'waiting', interval: INTERVAL };
    case 'gone':
      throw new Problem('unknown');
    case 'signed-in': {
      const { secret, session } = polled.signedIn;
      return {
        state: 'signed-in',
        session: secret.reveal(),
        person: session.person,
        expires_at: new Date(session.expiresAt).toISOString(),
      };
    }
  }
}
