import { CLIENT_ASSERTION_ALGORITHMS, DPOP_ALGORITHMS } from '@writ/attest';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Edge } from '../edge.ts';
import {
  CLIENT_CREDENTIALS,
  DETAILS_TYPE,
  JWT_BEARER,
  TOKEN_EXCHANGE,
} from '../token/parse-token-request.ts';

/** RFC 8414 §2 and OpenID Connect Discovery §3, from one object: what depends on the request is nothing (W1). */
export function metadataOf(publicUrl: string): Readonly<Record<string, unknown>> {
  return {
    issuer: publicUrl,
    token_endpoint: `${publicUrl}/token`,
    jwks_uri: `${publicUrl}/jwks`,
    introspection_endpoint: `${publicUrl}/introspect`,
    revocation_endpoint: `${publicUrl}/revoke`,
    grant_types_supported: [TOKEN_EXCHANGE, JWT_BEARER, CLIENT_CREDENTIALS],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: CLIENT_ASSERTION_ALGORITHMS,
    introspection_endpoint_auth_methods_supported: ['private_key_jwt'],
    introspection_endpoint_auth_signing_alg_values_supported: CLIENT_ASSERTION_ALGORITHMS,
    revocation_endpoint_auth_methods_supported: ['private_key_jwt', 'none'],
    revocation_endpoint_auth_signing_alg_values_supported: CLIENT_ASSERTION_ALGORITHMS,
    dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
    authorization_details_types_supported: [DETAILS_TYPE],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    writ_checkpoint: `${publicUrl}/checkpoint`,
    writ_receipts: `${publicUrl}/receipts`,
  };
}

/** Both well-known forms: RFC 8414 §3 inserts before the issuer's path, OpenID appends behind it (W2). */
export function metadataEndpoint(edge: Edge): void {
  const path = new URL(edge.publicUrl).pathname.replace(/\/$/, '');
  const metadata = metadataOf(edge.publicUrl);
  const handler = async (_: FastifyRequest, reply: FastifyReply): Promise<object> => {
    reply.header('Cache-Control', 'public, max-age=3600');
    return metadata;
  };
  edge.getAt(`/.well-known/oauth-authorization-server${path}`, handler);
  edge.get('/.well-known/openid-configuration', handler);
}
