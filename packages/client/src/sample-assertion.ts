import { ApiProblem } from './api-problem.ts';
import type { Assertion } from './wire.ts';

/**
 * Has the software passkey of a sample person sign a challenge: `writ dev` has these, and no other server does.
 * `challenge`: base64url. @throws ApiProblem
 */
export async function sampleAssertion(
  { url, session }: { readonly url: string; readonly session: string },
  challenge: string,
  purpose: string,
): Promise<Assertion> {
  const answer = await fetch(`${url}/dev/assert`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session}`, 'content-type': 'application/json' },
    body: JSON.stringify({ challenge, purpose }),
    redirect: 'error',
  }).catch((cause: unknown) => {
    throw new ApiProblem('unreachable', `no answer from ${url}`, {}, { cause });
  });
  const body: unknown = await answer.json().catch(() => ({}));
  const assertion: unknown = Reflect.get(Object(body), 'assertion');
  if (isAssertion(assertion)) return assertion;
  throw new ApiProblem('unsupported', 'only a sample person of `writ dev` has a passkey in software', {
    status: answer.status,
  });
}

function isAssertion(value: unknown): value is Assertion {
  const names = ['authenticator', 'clientDataJson', 'authenticatorData', 'signature'];
  return names.every((name) => typeof Reflect.get(Object(value), name) === 'string');
}
