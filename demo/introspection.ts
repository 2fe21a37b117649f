import { type JsonWebKey, KeyObject } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import type { Canary } from './canary.ts';
import { httpOptions } from './wire.ts';

/** The side of the deploy API that may ask the issuer whether a token still lives. */
export interface Introspector {
  /** what the audience is registered with */
  readonly publicKey: JsonWebKey;
  introspect(as: oauth.AuthorizationServer, token: string): Promise<oauth.IntrospectionResponse>;
}

/** The `kid` under which testkit's `prepare` registers the key. */
const KID = 'deploy-api-1';

export async function createIntrospector(canary: Canary): Promise<Introspector> {
  const keys = await oauth.generateKeyPair('ES256', { extractable: true });
  canary.learnKey("the deploy API's key", KeyObject.from(keys.privateKey));
  const client = { client_id: 'deploy-api' };
  const authentication = oauth.PrivateKeyJwt({ key: keys.privateKey, kid: KID });
  return {
    publicKey: KeyObject.from(keys.publicKey).export({ format: 'jwk' }),
    introspect: async (as, token) => {
      const response = await oauth.introspectionRequest(
        as,
        client,
        authentication,
        token,
        httpOptions(canary),
      );
      return oauth.processIntrospectionResponse(as, client, response);
    },
  };
}
