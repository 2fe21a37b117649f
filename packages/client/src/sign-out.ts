import { ApiProblem } from './api-problem.ts';

/** Milliseconds. */
const TIMEOUT = 30_000;

/** Ends a session at the server of this URL; one that had ended before stays so. @throws ApiProblem */
export async function signOut(url: string, session: string): Promise<void> {
  const answer = await fetch(`${url}/sign-out`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session}`, 'content-type': 'application/json' },
    body: '{}',
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT),
  }).catch((cause: unknown) => {
    throw new ApiProblem('unreachable', `no answer from ${url}`, {}, { cause });
  });
  await answer.body?.cancel();
  if (answer.ok || answer.status === 401) return;
  throw new ApiProblem('not-writ', `${url} answers with status ${answer.status}`, { status: answer.status });
}
