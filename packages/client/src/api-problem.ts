import type { Problem, Reason } from './wire.ts';

/** The server's stable code; `unreachable` where it did not answer, `not-writ` where what answered is something else. */
export type ApiProblemCode = Problem['code'] | 'unreachable' | 'not-writ';

/** What the API answered instead of what was asked (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: ApiProblemCode;
  /** 0 where nothing was answered */
  readonly status: number;
  /** the rule that decided */
  readonly rule: string | null;
  readonly reasons: readonly Reason[];
  /** what to do about it */
  readonly help: string | null;
  /** what `writ explain` takes */
  readonly reference: string | null;

  constructor(code: ApiProblemCode, message: string, problem: Partial<Problem> = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = problem.status ?? 0;
    this.rule = problem.rule ?? null;
    this.reasons = problem.reasons ?? [];
    this.help = problem.help ?? null;
    this.reference = problem.writ_ref ?? null;
  }
}
