import { ApiProblem } from './api-problem.ts';
import { OPERATIONS, type Problem } from './wire.ts';

export interface ApiOptions {
  /** the public URL of the server */
  readonly url: string;
  /** the secret of a session; null for what needs none */
  readonly session: string | null;
  /** another way to send a request, for tests */
  readonly fetch?: typeof fetch;
  /** milliseconds to wait for an answer; default 30,000 */
  readonly timeout?: number;
}

export type OperationName = keyof typeof OPERATIONS;

export interface Sent {
  /** the parameter of the path */
  readonly id?: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What was answered, where it was no problem. */
export interface Answered<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** Sends one operation. @throws ApiProblem */
export type Exchange = <T>(operation: OperationName, sent?: Sent) => Promise<Answered<T>>;

const TIMEOUT = 30_000;

/** @throws ApiProblem for a URL that a session must not be sent to */
export function createExchange({
  url,
  session,
  fetch: send = fetch,
  timeout = TIMEOUT,
}: ApiOptions): Exchange {
  const base = `${safe(url)}/api/v1`;
  return async (operation, { id, query = {}, body, headers = {} } = {}) => {
    const { method, path } = OPERATIONS[operation];
    // No URL can name these: they would lead elsewhere.
    if (id === '' || id === '.' || id === '..')
      throw new ApiProblem('unknown', 'there is no such thing', { status: 404 });
    const target = new URL(base + path.replace(/\{\w+\}/, encodeURIComponent(id ?? '')));
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) target.searchParams.set(name, value);
    const request = {
      method,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(session === null ? {} : { authorization: `Bearer ${session}` }),
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      // A session goes where it was meant to go, and nowhere that an answer sends it to.
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
      ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
    } as const;
    const answer = await send(target, request).catch((cause: unknown) => unreachable(url, cause));
    const text = await answer.text().catch((cause: unknown) => unreachable(url, cause));
    const parsed = parse(text, answer);
    if (!answer.ok) throw problemOf(parsed, answer);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the description of the API says what each operation answers
    return { status: answer.status, headers: answer.headers, body: parsed as never };
  };
}

/** A session is sent over TLS, or not out of this machine. */
function safe(url: string): string {
  const { protocol, hostname } = new URL(url);
  const local = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  if (protocol === 'https:' || (protocol === 'http:' && local)) return url.replace(/\/$/, '');
  throw new ApiProblem('unreachable', `\`${url}\` is not https: a session is not sent over it`);
}

function unreachable(url: string, cause: unknown): never {
  throw new ApiProblem('unreachable', `no answer from ${url}`, {}, { cause });
}

function parse(text: string, { status }: Response): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (cause) {
    throw new ApiProblem('not-writ', 'the answer is something else than JSON', { status }, { cause });
  }
}

function problemOf(parsed: unknown, { status }: Response): ApiProblem {
  if (!isProblem(parsed))
    return new ApiProblem('not-writ', `the answer is ${status}, and no problem of the API`, { status });
  return new ApiProblem(parsed.code, parsed.detail ?? parsed.title, parsed);
}

function isProblem(value: unknown): value is Problem {
  const has = (name: string, type: string): boolean => typeof Reflect.get(Object(value), name) === type;
  return has('code', 'string') && has('title', 'string') && has('status', 'number');
}
