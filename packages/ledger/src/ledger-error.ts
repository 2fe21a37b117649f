/** Every reason this package refuses something. Stable: programs may branch on it. */
export type LedgerErrorCode =
  | 'size-invalid'
  | 'index-invalid'
  | 'hash-invalid'
  | 'proof-invalid'
  | 'root-mismatch'
  | 'node-missing'
  | 'tile-malformed'
  | 'tile-path-malformed'
  | 'bundle-malformed'
  | 'base64-malformed'
  | 'hex-malformed'
  | 'utf8-malformed'
  | 'note-malformed'
  | 'note-untrusted'
  | 'note-signature-invalid'
  | 'key-malformed'
  | 'key-ambiguous'
  | 'checkpoint-malformed'
  | 'origin-mismatch'
  | 'receipt-malformed'
  | 'receipt-mismatch'
  | 'policy-malformed'
  | 'policy-unsatisfied'
  | 'leaf-malformed'
  | 'record-malformed'
  | 'record-mismatch';

/** The only error this package throws. `code` is for programs, `message` for people. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string) {
    super(message);
    this.name = 'LedgerError';
    this.code = code;
  }
}
