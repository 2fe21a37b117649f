import { authenticateClient } from '../client-authentication.ts';
import type { Edge } from '../edge.ts';
import { single } from '../form.ts';
import { OAuthError } from '../oauth-error.ts';
import { readForm } from '../read-form.ts';

/** RFC 7662. `token_type_hint` is a hint: it changes nothing. */
export function introspectEndpoint(edge: Edge): void {
  edge.post('/introspect', async (request) => {
    const form = readForm(request);
    const client = await authenticateClient(edge, form);
    const token = single(form, 'token');
    if (typeof token !== 'string')
      throw new OAuthError('invalid_request', 'token is missing, or given twice');
    return edge.engine.introspect(token, client);
  });
}
