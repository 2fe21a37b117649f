import { WritError } from '@writ/core';
import { authenticateClient } from '../client-authentication.ts';
import type { Edge } from '../edge.ts';
import { single } from '../form.ts';
import { holderOf } from '../holder.ts';
import { OAuthError } from '../oauth-error.ts';
import { readForm } from '../read-form.ts';

/** RFC 7009, for the resource server of the token's audience and for the holder of its key. Always 200 once authenticated. */
export function revokeEndpoint(edge: Edge): void {
  edge.post('/revoke', async (request, reply) => {
    const form = readForm(request);
    const token = single(form, 'token');
    if (request.raw.headersDistinct['dpop'] !== undefined) {
      reply.header('DPoP-Nonce', edge.nonces.issueNonce(edge.now()));
    }
    if (request.raw.headersDistinct['dpop'] !== undefined && form.has('client_assertion')) {
      throw new OAuthError(
        'invalid_request',
        'authenticate in one way: as the client, or by the key of the token',
      );
    }
    const holder = holderOf(request.raw, `${edge.publicUrl}/revoke`, edge.nonces, edge.now());
    const by =
      holder === null
        ? ({ kind: 'client', client: await authenticateClient(edge, form) } as const)
        : ({ kind: 'holder', thumbprint: holder.key.thumbprint, proof: holder.proof } as const);
    if (typeof token !== 'string')
      throw new OAuthError('invalid_request', 'token is missing, or given twice');
    await edge.engine.revoke(token, by).catch(usedProof);
    return {};
  });
}

function usedProof(error: unknown): never {
  if (error instanceof WritError && error.code === 'refused') {
    throw new OAuthError('invalid_dpop_proof', error.message);
  }
  throw error;
}
