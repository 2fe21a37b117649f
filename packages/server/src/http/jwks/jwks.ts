import type { Edge } from '../edge.ts';

/** RFC 7517 §5: public keys alone. Cached shorter than a prepared key waits before it signs. */
export function jwksEndpoint(edge: Edge): void {
  edge.get('/jwks', async (_, reply) => {
    reply.header('Cache-Control', 'public, max-age=300').type('application/jwk-set+json');
    return JSON.stringify({ keys: await edge.engine.keys.published() });
  });
}
