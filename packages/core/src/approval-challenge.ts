import { canonicalJson } from './canonical-json.ts';
import type { Hash } from './hash.ts';
import { utf8 } from './utf8.ts';

/** What a person can say of a run. */
export const DECISIONS = ['approve', 'deny', 'confirm'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What a passkey signs when a person decides (law 6). `digest` is hexadecimal, `nonce` 32 bytes in base64url. */
export interface Decided {
  readonly digest: string;
  readonly run: string;
  /** what of the run was decided: a signature is worth nothing for another rule */
  readonly rule: string;
  /** `user:…` */
  readonly approver: string;
  readonly decision: Decision;
  readonly nonce: string;
}

/** The WebAuthn challenge: SHA-256 of a domain and the canonical JSON of what is decided. 32 bytes. */
export function approvalChallenge(
  hash: Hash,
  { digest, run, rule, approver, decision, nonce }: Decided,
): Uint8Array {
  return hash(utf8(`writ/approval/1\n${canonicalJson({ approver, decision, digest, nonce, rule, run })}`));
}
