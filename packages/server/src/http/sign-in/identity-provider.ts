import { type Anchor, type Secret, WritError } from '@writ/core';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';

/** What a sign-in that has begun must come back with. */
export interface Login {
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636 §4.1) */
  readonly verifier: string;
}

/** What is known of our client at the identity provider, beside its id, which is the anchor's audience. */
export interface ClientSettings {
  readonly secret: Secret<string> | null;
  /** beside `openid` */
  readonly scopes: readonly string[];
  readonly redirectUri: string;
}

/** The client of OpenID Connect Core §3.1 (authorization code) at the issuer of an anchor. */
export interface IdentityProvider {
  /** @throws WritError `unavailable` where the provider does not answer */
  begin(anchor: Anchor): Promise<{ readonly url: string; readonly login: Login }>;
  /**
   * Trades the answer for an ID token that carries the nonce of this login. Whether to believe the token is not said yet.
   * @throws WritError `refused` for an answer to something else, `unavailable`
   */
  finish(anchor: Anchor, answer: URL, login: Login): Promise<string>;
}

/** Seconds a request to the provider may take. */
const TIMEOUT = 10;
/** Milliseconds its discovery document is believed. */
const KEPT = 60 * 60_000;

export function createIdentityProvider(settings: ClientSettings, now: () => number): IdentityProvider {
  let known: { readonly of: string; readonly until: number; readonly found: Promise<Configuration> } | null =
    null;

  const configured = async (anchor: Anchor): Promise<Configuration> => {
    const of = JSON.stringify([anchor.issuer, anchor.audience]);
    if (known?.of === of && now() < known.until) return known.found;
    const found = discover(anchor, settings.secret);
    const mine = { of, until: now() + KEPT, found };
    known = mine;
    found.catch(() => {
      if (known === mine) known = null;
    });
    return found;
  };

  return {
    begin: async (anchor) => {
      const login = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      const url = buildAuthorizationUrl(await configured(anchor), {
        redirect_uri: settings.redirectUri,
        scope: [...new Set(['openid', ...settings.scopes])].join(' '),
        state: login.state,
        nonce: login.nonce,
        code_challenge: await calculatePKCECodeChallenge(login.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, login };
    },
    finish: async (anchor, answer, { state, nonce, verifier }) => {
      const configuration = await configured(anchor);
      const checks = {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      };
      const { id_token: token } = await authorizationCodeGrant(configuration, answer, checks).catch(refuse);
      if (token === undefined) throw new WritError('refused', 'the identity provider gave no ID token');
      return token;
    },
  };
}

async function discover(anchor: Anchor, secret: Secret<string> | null): Promise<Configuration> {
  const server = new URL(anchor.issuer);
  if (server.protocol !== 'https:' && !anchor.privateAddresses)
    throw new WritError('unavailable', `the identity provider \`${anchor.issuer}\` must be https`);
  const authentication = secret === null ? None() : ClientSecretPost(secret.reveal());
  // Where the anchor lets its keys be fetched without TLS, on this machine, so may the rest.
  // oxlint-disable-next-line typescript/no-deprecated -- it is marked so to stand out, and is for loopback alone
  const execute = server.protocol === 'https:' ? [] : [allowInsecureRequests];
  try {
    return await discovery(server, anchor.audience, undefined, authentication, { execute, timeout: TIMEOUT });
  } catch (cause) {
    throw new WritError('unavailable', `the identity provider \`${anchor.issuer}\` does not answer as one`, {
      cause,
    });
  }
}

/** Errors of the library say what they are about: an answer that does not fit, or a server that gives none. */
function refuse(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : 'unknown';
  throw new WritError(
    isDown(cause) ? 'unavailable' : 'refused',
    `the identity provider's answer is refused: ${message}`,
    {
      cause,
    },
  );
}

function isDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.cause instanceof Response) return error.cause.status >= 500;
  return error.cause instanceof TypeError || ('code' in error && error.code === 'OAUTH_TIMEOUT');
}
