import type { Answer, Issued, StillWaiting } from '@writ/engine';
import type { FastifyReply } from 'fastify';
import { asciiJson } from '../ascii-json.ts';
import type { Edge } from '../edge.ts';
import { holderOf } from '../holder.ts';
import { declined, OAuthError } from '../oauth-error.ts';
import { readForm } from '../read-form.ts';
import { ACCESS_TOKEN_TYPE, parseTokenRequest } from './parse-token-request.ts';

/** RFC 6749 §3.2 with RFC 8693, 7523, 8707, 9396 and 9449. */
export function tokenEndpoint(edge: Edge): void {
  edge.post('/token', async (request, reply) => {
    reply.header('DPoP-Nonce', edge.nonces.issueNonce(edge.now()));
    const form = readForm(request);
    const asked = parseTokenRequest(form);
    const holder = holderOf(request.raw, `${edge.publicUrl}/token`, edge.nonces, edge.now());
    return answer(await edge.engine.request({ ...asked, holder }), reply);
  });
}

function answer(result: Answer, reply: FastifyReply): object {
  switch (result.outcome) {
    case 'issued':
      reply.type('application/json; charset=utf-8');
      return asciiJson(issued(result));
    case 'waiting':
      throw pending(result);
    case 'declined':
      if (result.fault === 'contention') reply.header('Retry-After', '1');
      throw declined(result);
  }
}

/** RFC 8693 §2.2.1, with the receipt. The only place where a token leaves its `Secret`. */
function issued(result: Issued): object {
  return {
    access_token: result.token.reveal(),
    issued_token_type: ACCESS_TOKEN_TYPE,
    token_type: result.tokenType,
    expires_in: result.expiresIn,
    scope: result.scopes.join(' '),
    writ_run: result.run,
    writ_index: result.index,
    writ_receipt: result.receipt,
  };
}

function pending({ run, interval, expiresIn, obligations }: StillWaiting): OAuthError {
  return new OAuthError(
    'authorization_pending',
    'people must approve; repeat with fresh evidence, the same key and writ_run',
    {
      writ_run: run,
      interval,
      expires_in: expiresIn,
      writ_obligations: obligations.map(({ kind, rule, from, missing, expires, unsatisfiable }) => ({
        kind,
        rule,
        from,
        missing,
        expires: Math.floor(expires / 1000),
        unsatisfiable: unsatisfiable ?? undefined,
      })),
    },
  );
}
