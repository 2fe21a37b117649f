import { canonicalJson } from '../canonical-json.ts';
import type { Hash } from '../hash.ts';
import { encodeUtf8 } from '../utf8.ts';

/** What a passkey signs when a person decides about a run, members as in the record. */
export interface Decided {
  readonly approver: string;
  readonly decision: string;
  readonly digest: string;
  readonly nonce: string;
  readonly rule: string;
  readonly run: string;
}

/**
 * The WebAuthn challenge of a decision: SHA-256 of a domain and the canonical JSON of what is decided, 32 bytes. The
 * server makes it with code of its own; that both are the same is shown in `test/approvals-audited.test.ts`.
 */
export function approvalChallenge(
  hash: Hash,
  { approver, decision, digest, nonce, rule, run }: Decided,
): Uint8Array {
  return hash(
    encodeUtf8(`writ/approval/1\n${canonicalJson({ approver, decision, digest, nonce, rule, run })}`),
  );
}
