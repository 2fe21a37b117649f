import * as oauth from 'oauth4webapi';
import type { Canary } from './canary.ts';
import { list, text } from './json.ts';

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
  /** the run that waits, where people are asked, and the rules that ask them */
  readonly run: string;
  readonly waitsFor: readonly string[];
  /** the body's very bytes */
  readonly body: string;
}

/** How a client asks, and how its library reads the answer. */
export interface TokenRequest {
  readonly canary: Canary;
  readonly ask: () => Promise<Response>;
  readonly read: (response: Response) => Promise<oauth.TokenEndpointResponse>;
}

/** Asks, and once more with the server's nonce where it wants one (RFC 9449 §8). */
export async function requestToken({ canary, ask, read }: TokenRequest): Promise<Granted | Denied> {
  let nonceRequests = 0;
  for (;;) {
    const response = await ask();
    const body = await response.clone().text();
    try {
      return granted(await read(response), nonceRequests, canary);
    } catch (error) {
      const refusal =
        error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError;
      if (!refusal) throw error;
      if (!oauth.isDPoPNonceError(error) || nonceRequests > 0) return denied(error.status, body);
      nonceRequests += 1;
    }
  }
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

/** RFC 6749 §5.2 with our members. */
function denied(status: number, body: string): Denied {
  const said: unknown = JSON.parse(body);
  const claims = list(said, 'writ_reasons')
    .map((reason) => ({ claim: text(reason, 'claim'), value: text(reason, 'value') }))
    .filter(({ claim }) => claim !== '');
  return {
    outcome: 'refused',
    status,
    error: text(said, 'error'),
    description: text(said, 'error_description'),
    reference: text(said, 'writ_ref'),
    rule: text(said, 'writ_rule'),
    claims,
    run: text(said, 'writ_run'),
    waitsFor: list(said, 'writ_obligations').map((obligation) => text(obligation, 'rule')),
    body,
  };
}
