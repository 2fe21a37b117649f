/**
 * What can go wrong in the domain, as a closed union. The edges map these to wire problems (OAuth errors, RFC 9457
 * problems, exit codes) in one file each; nothing else in the product invents an error of its own.
 */
export type ErrorCode =
  | 'malformed' // bytes or text that do not parse
  | 'invalid' // parses, and breaks a rule of its shape
  | 'unknown' // names something that is not there
  | 'refused' // decided against
  | 'conflict' // another process or a newer version was first
  | 'contention' // preconditions kept failing (law 2)
  | 'unavailable' // something we depend on did not answer
  | 'unsupported' // not built; says so
  | 'verification-failed'
  | 'flow-changed';

export class WritError extends Error {
  override readonly name = 'WritError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
