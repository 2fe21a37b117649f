import { EvidenceError } from '@writ/attest';
import { type ErrorCode, type Reason, WritError } from '@writ/core';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** what helps, whatever the case */
  readonly help: string;
}

/** Of the domain, and of the edge alone. */
export type ProblemCode =
  | ErrorCode
  | 'not-signed-in'
  | 'method-not-allowed'
  | 'stale'
  | 'too-large'
  | 'not-json'
  | 'key-reused'
  | 'not-signed'
  | 'unforeseen';

/** Every problem that is answered, in the order of statuses. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  malformed: {
    status: 400,
    title: 'the request cannot be read',
    help: 'send JSON in UTF-8, each member once',
  },
  invalid: {
    status: 400,
    title: 'the request breaks a rule of its shape',
    help: 'correct what the reasons name',
  },
  'not-signed-in': { status: 401, title: 'nobody is signed in', help: 'sign in, and ask again' },
  refused: {
    status: 403,
    title: 'it was decided against',
    help: 'the reasons say why; `writ explain REF` says more',
  },
  unknown: {
    status: 404,
    title: 'there is no such thing, or it is not for you to see',
    help: 'look at a list for what is there',
  },
  'method-not-allowed': {
    status: 405,
    title: 'this cannot be done here',
    help: 'the header `Allow` names what can',
  },
  conflict: {
    status: 409,
    title: 'somebody else was first',
    help: 'look at how it stands now, and decide again',
  },
  contention: { status: 409, title: 'what it rests on kept changing', help: 'try again in a moment' },
  'flow-changed': { status: 409, title: 'the flow was changed meanwhile', help: 'ask anew' },
  stale: {
    status: 412,
    title: 'it has changed since you looked',
    help: 'look at the present revision, and say that it is what you change',
  },
  'too-large': { status: 413, title: 'the request is too large', help: 'ask for less at once' },
  'not-json': {
    status: 415,
    title: 'the request is not JSON',
    help: 'send it with `Content-Type: application/json`',
  },
  'key-reused': {
    status: 422,
    title: 'something else was asked under this idempotency key',
    help: 'choose a new key for a new request',
  },
  'not-signed': {
    status: 422,
    title: 'the passkey did not sign exactly this',
    help: 'ask for a new challenge, look at what it is over, and sign that',
  },
  'verification-failed': {
    status: 500,
    title: 'a signature, proof or seal does not hold',
    help: 'whoever runs this server should run `writ audit`',
  },
  unforeseen: {
    status: 500,
    title: 'this should not have happened',
    help: 'the log of the server says more',
  },
  unsupported: { status: 501, title: 'this is not built', help: 'the documentation says what is' },
  unavailable: {
    status: 503,
    title: 'something it depends on did not answer',
    help: 'try again in a moment',
  },
};

/** The status of a domain error: the one place where it is said, for the API and for the operator socket. */
export function statusOf(code: ErrorCode): number {
  return PROBLEMS[code].status;
}

/** What a problem says beyond its code. */
export interface ProblemDetails {
  readonly detail?: string | undefined;
  readonly help?: string | undefined;
  readonly reasons?: readonly Reason[] | undefined;
  /** what `writ explain` takes */
  readonly reference?: string | undefined;
}

/** A problem of RFC 9457: what the API answers instead of what was asked. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}, options?: ErrorOptions) {
    super(details.detail ?? PROBLEMS[code].title, options);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  /** The members of RFC 9457 §3.1 and ours; `base` is the URL that the API is mounted at. */
  body(base: string): Readonly<Record<string, unknown>> {
    const { detail, help, reasons, reference } = this.details;
    const { status, title, help: usual } = PROBLEMS[this.code];
    return {
      type: `${base}/problems#${this.code}`,
      title,
      status,
      detail,
      code: this.code,
      rule: reasons?.[0]?.rule,
      reasons: reasons?.map(told),
      help: help ?? usual,
      writ_ref: reference,
    };
  }
}

/** A reason without what would have been accepted: that is for owners and operators alone (law 14). */
function told({ stage, rule, message, claim, value, help }: Reason): Readonly<Record<string, unknown>> {
  return { stage, rule, message, claim, value, help };
}

/** The one place where what goes wrong becomes a problem. What nobody foresaw says nothing of itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // Whatever names it or keeps it from sight, the body is the same.
  if (error instanceof WritError && error.code === 'unknown')
    return new Problem('unknown', {}, { cause: error });
  if (error instanceof WritError) return new Problem(error.code, { detail: error.message }, { cause: error });
  if (error instanceof EvidenceError && error.code === 'malformed')
    return new Problem('malformed', { detail: error.message }, { cause: error });
  return new Problem(codeOf(error), {}, { cause: error });
}

/** Of the HTTP framework's errors for what a client sent. */
function codeOf(error: unknown): ProblemCode {
  const status: unknown =
    error instanceof Error && 'statusCode' in error ? Reflect.get(error, 'statusCode') : null;
  if (typeof status !== 'number' || status < 400 || status >= 500) return 'unforeseen';
  return BY_STATUS.get(status) ?? 'malformed';
}

const BY_STATUS: ReadonlyMap<number, ProblemCode> = new Map([
  [404, 'unknown'],
  [405, 'method-not-allowed'],
  [413, 'too-large'],
  [415, 'not-json'],
]);
