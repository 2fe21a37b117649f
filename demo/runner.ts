import { KeyObject } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import type { Canary } from './canary.ts';
import { type Denied, type Granted, requestToken } from './token-request.ts';
import { httpOptions } from './wire.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';

/** What a runner asks for; the rest of its request is its evidence. */
export interface Wish {
  readonly clientId: string;
  readonly resource: string;
  readonly scope: string;
}

export interface Called {
  readonly status: number;
  /** what the API answered, or the error of its challenge */
  readonly said: string;
}

/** A job of a release pipeline: a key of its own, an OAuth client library that knows nothing of Writ. */
export interface Runner {
  /** RFC 7638 thumbprint of its key */
  readonly thumbprint: string;
  exchange(evidence: string, wish: Wish): Promise<Granted | Denied>;
  /** POSTs to an API with the token and a proof by this runner's key. */
  call(url: string, token: string): Promise<Called>;
}

/** RFC 8414, as any client does it. */
export async function discover(issuer: string, canary: Canary): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  const response = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...httpOptions(canary) });
  return oauth.processDiscoveryResponse(url, response);
}

export async function createRunner(as: oauth.AuthorizationServer, canary: Canary): Promise<Runner> {
  const keys = await oauth.generateKeyPair('ES256', { extractable: true });
  canary.learnKey("a runner's key", KeyObject.from(keys.privateKey));
  const options = { DPoP: oauth.DPoP({}, keys), ...httpOptions(canary) };
  return {
    thumbprint: await options.DPoP.calculateThumbprint(),
    exchange: async (evidence, { clientId, resource, scope }) => {
      const client = { client_id: clientId };
      const form = {
        resource,
        scope,
        subject_token: evidence,
        subject_token_type: ID_TOKEN,
        authorization_details: JSON.stringify([{ type: 'writ_issuance', fields: { target: 'production' } }]),
      };
      return requestToken({
        canary,
        ask: () => oauth.genericTokenEndpointRequest(as, client, oauth.None(), TOKEN_EXCHANGE, form, options),
        read: (response) => oauth.processGenericTokenEndpointResponse(as, client, response),
      });
    },
    call: async (url, token) => {
      try {
        const response = await oauth.protectedResourceRequest(
          token,
          'POST',
          new URL(url),
          undefined,
          undefined,
          options,
        );
        return { status: response.status, said: await response.text() };
      } catch (error) {
        if (!(error instanceof oauth.WWWAuthenticateChallengeError)) throw error;
        const [challenge] = error.cause;
        return { status: error.status, said: challenge?.parameters['error_description'] ?? '' };
      }
    },
  };
}
