import type { Edge } from '../edge.ts';

/** A receipt again, under the present checkpoint, for whoever knows the credential's tbs digest: its holder. */
export function receiptsEndpoint(edge: Edge): void {
  edge.get('/receipts/:digest', async (request, reply) => {
    const parameters: unknown = request.params;
    const digest: unknown =
      typeof parameters === 'object' && parameters !== null ? Reflect.get(parameters, 'digest') : null;
    const known = typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest);
    const receipt = known ? await edge.engine.receipt(digest) : null;
    reply.type('text/plain; charset=utf-8').header('Cache-Control', 'no-store');
    if (receipt === null) return reply.code(404).send('no such receipt\n');
    return receipt;
  });
}
