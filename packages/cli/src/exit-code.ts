/** What a command's exit code means. Scripts rely on these; they never change. */
export const EXIT_CODES = {
  ok: { code: 0, means: 'it is done' },
  failure: { code: 1, means: 'something went wrong; the message says what' },
  usage: { code: 2, means: 'the command line is wrong; `--help` shows an example' },
  refused: { code: 3, means: 'refused by policy; `writ explain REF` says why' },
  pending: { code: 4, means: 'waiting for somebody; it goes on when they have decided' },
  'not-found': { code: 5, means: 'there is nothing of that name' },
  'not-signed-in': { code: 6, means: 'sign in first' },
  conflict: { code: 7, means: 'somebody else was first, or holds what is needed' },
  'verification-failed': { code: 8, means: 'a signature, proof or audit does not hold' },
  frozen: { code: 9, means: 'issuance is frozen' },
  changed: { code: 10, means: 'the plan changes something, and lets nothing through that was refused' },
  widened: {
    code: 11,
    means: 'the plan lets something through that was refused, or that could not be ruled out',
  },
} as const;
export type ExitName = keyof typeof EXIT_CODES;

/** Domain codes and socket codes to exit codes; whatever is not here is a failure. */
const BY_CODE: Readonly<Record<string, ExitName>> = {
  malformed: 'usage',
  unknown: 'not-found',
  'not-signed-in': 'not-signed-in',
  refused: 'refused',
  conflict: 'conflict',
  stale: 'conflict',
  'key-reused': 'conflict',
  contention: 'conflict',
  'verification-failed': 'verification-failed',
  'not-signed': 'verification-failed',
  'flow-changed': 'conflict',
};

export function exitFor(code: string): ExitName {
  return Object.hasOwn(BY_CODE, code) ? (BY_CODE[code] ?? 'failure') : 'failure';
}

/** Ends a command with a message and a code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exit: ExitName;

  constructor(exit: ExitName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exit = exit;
  }
}
