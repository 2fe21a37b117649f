import * as oauth from 'oauth4webapi';
import type { Canary } from './canary.ts';

interface Sent {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
  readonly redirect: 'manual';
  readonly signal?: AbortSignal;
}

/** Parameters and headers that carry tokens, assertions and proofs. */
const SECRET_PARAMETERS = ['subject_token', 'actor_token', 'client_assertion', 'token'];
const SECRET_HEADERS = ['dpop', 'authorization'];

/** What every request of the OAuth library needs here: plain http, on loopback alone, under the canary's eyes. */
export function httpOptions(canary: Canary) {
  // oxlint-disable-next-line typescript/no-deprecated -- the library's mark of what is for local use alone, as here
  return { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: watchedFetch(canary) };
}

/** The platform's `fetch`, which teaches the canary every secret that a client sends. */
function watchedFetch(canary: Canary): (url: string, sent: Sent) => Promise<Response> {
  return async (url, { body, ...sent }) => {
    for (const [name, value] of Object.entries(sent.headers)) {
      if (SECRET_HEADERS.includes(name.toLowerCase())) canary.learn(name, value.replace(/^\w+ /, ''));
    }
    const form = body instanceof URLSearchParams ? body : null;
    for (const name of SECRET_PARAMETERS) {
      const value = form?.get(name) ?? '';
      if (value !== '') canary.learn(name, value);
    }
    const response = await fetch(url, { ...sent, body: form });
    // An answer without a token must hold no other secret either.
    if (!response.ok) canary.hear(`an answer ${response.status}`, await response.clone().text());
    return response;
  };
}
