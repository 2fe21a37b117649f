import { formatInstant, WritError } from '@writ/core';
import type { Engine } from '@writ/engine';
import type { Store } from '@writ/store';
import Fastify, { type FastifyInstance } from 'fastify';
import { invitationUrl } from '../http/passkeys/invite.ts';
import { statusOf } from '../http/problem.ts';

/** Who acts through the socket: whoever can open a file of mode 0600. */
const OPERATOR = 'local';

/**
 * What operators may do without signing in: freeze, list, show and explain, and invite the first administrator, while
 * nobody has a passkey. There is no route that issues, approves, lifts a freeze or publishes.
 */
export function createOperatorApp(engine: Engine, store: Store, publicUrl: string): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit: 16_384 });
  app.setErrorHandler((error: unknown, _, reply) => {
    const code = error instanceof WritError ? error.code : 'invalid';
    const status = error instanceof WritError ? statusOf(error.code) : statusOfFramework(error);
    const message = error instanceof Error ? error.message : 'unknown';
    return reply.code(status).send({ code, message });
  });

  app.get('/status', async () => {
    const set = await engine.artefacts();
    const { size } = await store.read.tree();
    const { mode } = (await store.read.row('artefact_sets', set.hash)) ?? { mode: '' };
    return { publicUrl, artefacts: set.hash, mode, ledgerSize: size, flows: [...set.flows.keys()] };
  });

  app.get('/identities', async (request) => {
    const after = queryText(request.query, 'after');
    return { identities: await engine.identities(after, 100) };
  });

  app.get('/identities/:name', async (request) => {
    const name = text(request.params, 'name');
    const identity = await engine.identity(name);
    if (identity === null) throw new WritError('unknown', `there is no identity \`${name}\``);
    const set = await engine.artefacts();
    const rights = [...set.rights.values()].filter((right) => right.identity === name);
    return { identity, rights };
  });

  app.post('/freeze', async (request) => {
    const scope = text(request.body, 'scope');
    const reason = text(request.body, 'reason');
    if (reason.length > 1_000) throw new WritError('malformed', 'the reason has more than 1000 characters');
    return engine.freeze({ scope, reason, by: OPERATOR });
  });

  app.post('/invitations/first', async (request) => {
    const { person, secret, expiresAt } = await engine.people.inviteFirst(text(request.body, 'person'));
    const url = invitationUrl(publicUrl, secret.reveal());
    return { person, url, expiresAt: formatInstant(expiresAt) };
  });

  app.get('/explain/:reference', async (request) => {
    const reference = text(request.params, 'reference');
    const explanation = await engine.explain(reference);
    if (explanation === null) throw new WritError('unknown', `nothing is known of \`${reference}\``);
    return explanation;
  });

  return app;
}

/** What the HTTP framework says of a request that it cannot read; anything else should not have happened. */
function statusOfFramework(error: unknown): number {
  const status: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function text(from: unknown, name: string): string {
  const value: unknown = typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
  if (typeof value === 'string' && value !== '' && value.length <= 4_096) return value;
  throw new WritError('malformed', `\`${name}\` is missing`);
}

function queryText(from: unknown, name: string): string | null {
  const value: unknown = typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
  return typeof value === 'string' && value !== '' ? value : null;
}
