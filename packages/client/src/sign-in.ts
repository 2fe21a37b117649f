/** What a server answered when it did not do what was asked, by the stable code of its problem (RFC 9457). */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  /** the problem's code, or `unreachable` */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A terminal that waits for somebody to let it in (RFC 8628 §3.2). */
export interface TerminalSignIn {
  readonly deviceCode: string;
  /** to be typed at `verificationUri` */
  readonly userCode: string;
  readonly verificationUri: string;
  /** seconds */
  readonly expiresIn: number;
  readonly interval: number;
}

export interface TerminalSession {
  /** what `Authorization: Bearer` carries */
  readonly secret: string;
  readonly person: string;
  /** RFC 3339 */
  readonly expiresAt: string;
}

/** Begins to sign a terminal in at the server of this URL. @throws SignInError */
export async function startSignIn(url: string): Promise<TerminalSignIn> {
  const answer = await call(url, 'POST', '/api/v1/device', null, {});
  return {
    deviceCode: text(answer, 'device_code'),
    userCode: text(answer, 'user_code'),
    verificationUri: text(answer, 'verification_uri'),
    expiresIn: count(answer, 'expires_in'),
    interval: count(answer, 'interval'),
  };
}

/** The session, once somebody has let the terminal in; null until then. @throws SignInError `unknown` when it is too late */
export async function pollSignIn(url: string, deviceCode: string): Promise<TerminalSession | null> {
  const answer = await call(url, 'POST', '/api/v1/device/token', null, { device_code: deviceCode });
  if (answer['state'] === 'waiting') return null;
  return {
    secret: text(answer, 'session'),
    person: text(answer, 'person'),
    expiresAt: text(answer, 'expires_at'),
  };
}

/** @throws SignInError `not-signed-in` where the session has ended already */
export async function signOut(url: string, secret: string): Promise<void> {
  await call(url, 'POST', '/sign-out', secret, {});
}

/** Who is signed in with this session, as the server says. @throws SignInError `not-signed-in` */
export async function whoIsSignedIn(url: string, secret: string): Promise<Readonly<Record<string, unknown>>> {
  return call(url, 'GET', '/api/v1/me', secret);
}

/** Milliseconds. */
const TIMEOUT = 30_000;

async function call(
  url: string,
  method: string,
  path: string,
  secret: string | null,
  body?: object,
): Promise<Readonly<Record<string, unknown>>> {
  const headers = {
    ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new SignInError('unreachable', `no server answers at ${url}`, { cause });
  });
  const answer = await jsonOf(response, url);
  if (response.ok) return answer;
  const said = answer['detail'] ?? answer['title'];
  const code = answer['code'];
  throw new SignInError(
    typeof code === 'string' ? code : 'invalid',
    typeof said === 'string' ? said : `${url} answered with status ${response.status}`,
  );
}

async function jsonOf(response: Response, url: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const read: unknown = await response.json();
    if (typeof read === 'object' && read !== null) return { ...read };
  } catch (cause) {
    throw new SignInError('invalid', `${url} does not answer as a Writ server`, { cause });
  }
  throw new SignInError('invalid', `${url} does not answer as a Writ server`);
}

function text(answer: Readonly<Record<string, unknown>>, name: string): string {
  const value = answer[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new SignInError('invalid', `the server's answer lacks \`${name}\``);
}

function count(answer: Readonly<Record<string, unknown>>, name: string): number {
  const value = answer[name];
  if (typeof value === 'number' && value > 0 && value < 86_400) return value;
  throw new SignInError('invalid', `the server's answer lacks \`${name}\``);
}
