import { EvidenceError, verifyClientAssertion } from '@writ/attest';
import { audienceOfClient } from '@writ/engine';
import type { Edge } from './edge.ts';
import { type Form, single } from './form.ts';
import { OAuthError } from './oauth-error.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * The client that authenticates by private_key_jwt (RFC 7523 §2.2 with rfc7523bis: its audience is our issuer alone). Its
 * assertion is spent. Whatever is wrong, known client or not, the answer is the same.
 * @throws OAuthError `invalid_client`
 */
export async function authenticateClient(edge: Edge, form: Form): Promise<string> {
  const assertion = single(form, 'client_assertion');
  const clientId = single(form, 'client_id');
  if (
    single(form, 'client_assertion_type') !== ASSERTION_TYPE ||
    typeof assertion !== 'string' ||
    clientId === null
  ) {
    throw unauthenticated();
  }
  const set = await edge.engine.artefacts();
  const keysOf = (client: string): Promise<readonly string[]> => {
    const keys = audienceOfClient(set, client)?.introspection?.keys ?? [];
    return Promise.resolve(keys.map((key) => JSON.stringify(key)));
  };
  try {
    const expected = { issuer: edge.publicUrl, client: clientId ?? null, keysOf, now: edge.now() };
    const { client, replayKey, replayUntil } = await verifyClientAssertion(assertion, expected);
    if (!(await edge.engine.spend({ key: replayKey, holder: null, until: replayUntil })))
      throw unauthenticated();
    return client;
  } catch (error) {
    if (error instanceof EvidenceError) throw unauthenticated();
    throw error;
  }
}

function unauthenticated(): OAuthError {
  return new OAuthError(
    'invalid_client',
    'authenticate with private_key_jwt; its audience is the issuer and nothing else',
  );
}
