import { KeyObject } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import type { Canary } from './canary.ts';
import { list, text } from './json.ts';
import { httpOptions } from './wire.ts';

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';

/** What a runner asks for; the rest of its request is its evidence. */
export interface Wish {
  readonly clientId: string;
  readonly resource: string;
  readonly scope: string;
}

export interface Granted {
  readonly outcome: 'issued';
  readonly token: string;
  readonly tokenType: string;
  readonly expiresIn: number;
  readonly scope: string;
  readonly receipt: string;
  readonly index: number;
  readonly run: string;
  /** how often the server asked for its nonce before */
  readonly nonceRequests: number;
}

export interface Denied {
  readonly outcome: 'refused';
  readonly status: number;
  readonly error: string;
  readonly description: string;
  readonly reference: string;
  /** the first reason, where the server gave one */
  readonly rule: string;
  /** the claims that the reasons name, with the caller's own values */
  readonly claims: readonly { readonly claim: string; readonly value: string }[];
  /** the body's very bytes */
  readonly body: string;
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
      const ask = (): Promise<Response> =>
        oauth.genericTokenEndpointRequest(as, client, oauth.None(), TOKEN_EXCHANGE, form, options);
      const read = (response: Response): Promise<oauth.TokenEndpointResponse> =>
        oauth.processGenericTokenEndpointResponse(as, client, response);
      let nonceRequests = 0;
      for (;;) {
        const response = await ask();
        const body = await response.clone().text();
        try {
          return granted(await read(response), nonceRequests, canary);
        } catch (error) {
          if (!(error instanceof oauth.ResponseBodyError)) throw error;
          if (!oauth.isDPoPNonceError(error) || nonceRequests > 0) return denied(error, body);
          nonceRequests += 1;
        }
      }
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

function granted(response: oauth.TokenEndpointResponse, nonceRequests: number, canary: Canary): Granted {
  const { access_token: token, token_type: tokenType, expires_in: expiresIn = 0, scope = '' } = response;
  canary.learn('an access token', token);
  return {
    outcome: 'issued',
    token,
    tokenType,
    expiresIn,
    scope,
    receipt: text(response, 'writ_receipt'),
    index: Number(response['writ_index']),
    run: text(response, 'writ_run'),
    nonceRequests,
  };
}

function denied({ status, error, error_description, cause }: oauth.ResponseBodyError, body: string): Denied {
  const claims = list(cause, 'writ_reasons')
    .map((reason) => ({ claim: text(reason, 'claim'), value: text(reason, 'value') }))
    .filter(({ claim }) => claim !== '');
  return {
    outcome: 'refused',
    status,
    error,
    description: error_description ?? '',
    reference: text(cause, 'writ_ref'),
    rule: text(cause, 'writ_rule'),
    claims,
    body,
  };
}
