import { hash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Claims of whoever is at the browser; null refuses, as a person who presses "cancel" does. */
export type AtTheBrowser = Readonly<Record<string, unknown>> | null;

/** How the provider misbehaves from now on in the authorization code flow. */
export type CodeFlowBehaviour =
  | 'honest'
  | 'other-state' // answers as if another sign-in had been begun
  | 'other-nonce' // the ID token is one of another sign-in
  | 'no-nonce'
  | 'no-id-token';

/** The authorization and token endpoints of OpenID Connect Core §3.1, with PKCE (RFC 7636), for public clients. */
export interface CodeFlow {
  behave(behaviour: CodeFlowBehaviour): void;
  /** Answers `/authorize` and `/token`; false for any other path. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
}

interface Granted {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | null;
  readonly claims: Readonly<Record<string, unknown>>;
}

export function createCodeFlow(
  path: string,
  who: () => AtTheBrowser,
  sign: (claims: Readonly<Record<string, unknown>>) => string,
): CodeFlow {
  const codes = new Map<string, Granted>();
  let behaviour: CodeFlowBehaviour = 'honest';

  const authorize = (query: URLSearchParams, response: ServerResponse): void => {
    const back = new URL(query.get('redirect_uri') ?? 'http://nowhere.invalid');
    const state = behaviour === 'other-state' ? 'another' : (query.get('state') ?? '');
    back.searchParams.set('state', state);
    const claims = who();
    const sound = query.get('response_type') === 'code' && query.get('code_challenge_method') === 'S256';
    if (claims === null || !sound) {
      back.searchParams.set('error', claims === null ? 'access_denied' : 'invalid_request');
    } else {
      const code = randomUUID();
      codes.set(code, {
        clientId: query.get('client_id') ?? '',
        redirectUri: query.get('redirect_uri') ?? '',
        challenge: query.get('code_challenge') ?? '',
        nonce: query.get('nonce'),
        claims,
      });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  };

  const token = (form: URLSearchParams, response: ServerResponse): void => {
    const code = form.get('code') ?? '';
    const granted = codes.get(code);
    codes.delete(code);
    const challenge = hash('sha256', form.get('code_verifier') ?? '', 'base64url');
    if (
      granted?.challenge !== challenge ||
      granted.redirectUri !== form.get('redirect_uri') ||
      granted.clientId !== form.get('client_id')
    ) {
      respond(response, 400, { error: 'invalid_grant' });
      return;
    }
    const nonce = nonceOf(behaviour, granted);
    const idToken = sign({ aud: granted.clientId, nonce, ...granted.claims });
    const tokens = { access_token: randomUUID(), token_type: 'Bearer', expires_in: 60 };
    respond(response, 200, behaviour === 'no-id-token' ? tokens : { ...tokens, id_token: idToken });
  };

  return {
    behave: (next) => {
      behaviour = next;
    },
    answer: (request, response) => {
      const url = new URL(request.url ?? '', 'http://issuer.invalid');
      if (url.pathname === `${path}/authorize`) authorize(url.searchParams, response);
      else if (url.pathname === `${path}/token`) readForm(request, (form) => token(form, response));
      else return false;
      return true;
    },
  };
}

function nonceOf(behaviour: CodeFlowBehaviour, { nonce }: Granted): string | undefined {
  if (behaviour === 'no-nonce') return undefined;
  return behaviour === 'other-nonce' ? 'another' : (nonce ?? undefined);
}

function readForm(request: IncomingMessage, read: (form: URLSearchParams) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => read(new URLSearchParams(Buffer.concat(chunks).toString())));
}

function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
