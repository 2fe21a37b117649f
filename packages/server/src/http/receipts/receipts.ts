import type { Edge } from '../edge.ts';

/** A receipt again, under the present checkpoint, for whoever knows the credential's id: its holder. */
export function receiptsEndpoint(edge: Edge): void {
  edge.get('/receipts/:id', async (request, reply) => {
    const parameters: unknown = request.params;
    const id: unknown =
      typeof parameters === 'object' && parameters !== null ? Reflect.get(parameters, 'id') : null;
    const known = typeof id === 'string' && /^[A-Za-z0-9_-]{22,64}$/.test(id);
    const receipt = known ? await edge.engine.receipt(id) : null;
    reply.type('text/plain; charset=utf-8').header('Cache-Control', 'no-store');
    if (receipt === null) return reply.code(404).send('no such receipt\n');
    return receipt;
  });
}
