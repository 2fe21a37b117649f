import { request } from 'node:http';

/** What the operator socket answered when it did not do what was asked. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  /** the server's stable code, or `unreachable` */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface Status {
  readonly publicUrl: string;
  readonly artefacts: string;
  readonly mode: string;
  readonly ledgerSize: number;
  readonly flows: readonly string[];
}

export interface IdentitySummary {
  readonly name: string;
  readonly uri: string;
  readonly kind: string;
  readonly status: string;
  readonly owner: string;
  readonly purpose: string;
  readonly environment: string;
  /** milliseconds since the epoch */
  readonly expires: number;
  readonly revision: number;
}

export interface InvitationAnswer {
  readonly person: string;
  /** holds a secret, for that person alone */
  readonly url: string;
  /** RFC 3339 */
  readonly expiresAt: string;
}

export interface FreezeAnswer {
  readonly scope: string;
  /** ledger index: no issuance of the scope stands behind it */
  readonly index: number;
  readonly already: boolean;
}

/** The operator's side of a running server, over its Unix socket: freeze, list, show, explain, invite the first administrator. */
export interface Operator {
  status(): Promise<Status>;
  /** All identities, page after page, in the order of their names. */
  identities(): AsyncIterable<IdentitySummary>;
  identity(name: string): Promise<Readonly<Record<string, unknown>>>;
  freeze(scope: string, reason: string): Promise<FreezeAnswer>;
  /** The link of the first administrator, while nobody has a passkey. */
  inviteFirst(person: string): Promise<InvitationAnswer>;
  explain(reference: string): Promise<Readonly<Record<string, unknown>>>;
}

/** @throws OperatorError from every method */
export function createOperator(socketPath: string): Operator {
  const get = <T>(path: string): Promise<T> => call<T>(socketPath, 'GET', path);
  return {
    status: () => get<Status>('/status'),
    async *identities() {
      let after = '';
      for (;;) {
        const { identities } = await get<{ identities: IdentitySummary[] }>(
          `/identities?after=${encodeURIComponent(after)}`,
        );
        yield* identities;
        const last = identities.at(-1);
        if (last === undefined) return;
        after = last.name;
      }
    },
    identity: (name) => get(`/identities/${encodeURIComponent(name)}`),
    freeze: (scope, reason) => call<FreezeAnswer>(socketPath, 'POST', '/freeze', { scope, reason }),
    inviteFirst: (person) => call<InvitationAnswer>(socketPath, 'POST', '/invitations/first', { person }),
    explain: (reference) => get(`/explain/${encodeURIComponent(reference)}`),
  };
}

/** Milliseconds: a freeze waits for what is being signed, and nothing else is slow. */
const TIMEOUT = 30_000;

function call<T>(socketPath: string, method: string, path: string, body?: object): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const payload = body === undefined ? '' : JSON.stringify(body);
  const headers =
    body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
  const unreachable = (cause: unknown): void => {
    reject(
      new OperatorError(
        'unreachable',
        `no server answers at ${socketPath}; start one with \`writ dev\`, or name its --data`,
        { cause },
      ),
    );
  };
  const sent = request({ socketPath, method, path, headers, timeout: TIMEOUT }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', unreachable);
    response.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      try {
        const answer: unknown = JSON.parse(text);
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the operator API says what each path answers
        if (response.statusCode === 200) resolve(answer as T);
        else
          reject(new OperatorError(textOf(answer, 'code') ?? 'invalid', textOf(answer, 'message') ?? text));
      } catch (cause) {
        reject(new OperatorError('invalid', 'the server answered with something else than JSON', { cause }));
      }
    });
  });
  sent.on('error', unreachable);
  sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
  sent.end(payload);
  return promise;
}

function textOf(value: unknown, name: string): string | undefined {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === 'string' ? member : undefined;
}
