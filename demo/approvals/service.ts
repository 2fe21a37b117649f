import { KeyObject } from 'node:crypto';
import { exportJWK } from 'jose';
import * as oauth from 'oauth4webapi';
import type { Canary } from '../canary.ts';
import type { Wish } from '../runner.ts';
import { type Denied, type Granted, requestToken } from '../token-request.ts';
import { httpOptions } from '../wire.ts';

/** A service with a key of its own: it signs its client assertions, and never leaves it. */
export interface Service {
  /** what is registered with it */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  /** RFC 7638, of the key that its tokens are bound to */
  readonly thumbprint: string;
  /** client_credentials (RFC 6749 §4.4) with private_key_jwt (RFC 7523) and DPoP (RFC 9449). */
  token(as: oauth.AuthorizationServer, wish: Omit<Wish, 'clientId'>): Promise<Granted | Denied>;
}

export async function createService(clientId: string, canary: Canary): Promise<Service> {
  const kid = `${clientId}-1`;
  const client = { client_id: clientId };
  const own = await oauth.generateKeyPair('ES256', { extractable: true });
  const bound = await oauth.generateKeyPair('ES256', { extractable: true });
  canary.learnKey(`the key of ${clientId}`, KeyObject.from(own.privateKey));
  canary.learnKey(`the key that tokens of ${clientId} are bound to`, KeyObject.from(bound.privateKey));
  const authentication = oauth.PrivateKeyJwt({ key: own.privateKey, kid });
  const options = { DPoP: oauth.DPoP({}, bound), ...httpOptions(canary) };
  return {
    publicJwk: { ...(await exportJWK(own.publicKey)), kid },
    thumbprint: await options.DPoP.calculateThumbprint(),
    token: (as, { resource, scope }) =>
      requestToken({
        canary,
        ask: () =>
          oauth.clientCredentialsGrantRequest(as, client, authentication, { resource, scope }, options),
        read: (response) => oauth.processClientCredentialsResponse(as, client, response),
      }),
  };
}
