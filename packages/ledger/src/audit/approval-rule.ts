import { canonicalJson } from '../canonical-json.ts';
import type { Hash } from '../hash.ts';
import { encodeHex } from '../hex.ts';
import type { LedgerRecord, RecordAssertion, RecordEnvelope } from '../record.ts';
import { encodeUtf8 } from '../utf8.ts';
import type { VerifyAssertion } from '../verify-assertion.ts';
import { approvalChallenge, type Decided } from './approval-challenge.ts';
import type { AuditRule, Finding, Report } from './finding.ts';
import type { KnownAuthenticator, KnownAuthenticators } from './known-authenticators.ts';
import type { LeafRule } from './leaf-rule.ts';

/** A decision that a person signed, whatever the type of its record. */
interface Signed extends Decided {
  readonly plan: string;
  readonly envelope: RecordEnvelope | null;
  readonly assertion: RecordAssertion;
}

/**
 * What a person signed is the plan of the run, or the envelope that stands there; with an authenticator that a leaf
 * before recorded as theirs and that had not ended; and the signature verifies with the key in that leaf.
 */
export function approvalRule(
  hash: Hash,
  verifyAssertion: VerifyAssertion,
  known: KnownAuthenticators,
  report: Report,
): LeafRule {
  const verifies = (signed: Signed, { authenticator }: KnownAuthenticator): boolean =>
    verifyAssertion(
      authenticator.public_jwk,
      {
        challenge: approvalChallenge(hash, signed),
        origin: authenticator.origin,
        rpId: authenticator.rp_id,
      },
      signed.assertion,
    );

  return ({ index, record }) => {
    const signed = record === null ? null : signedOf(record);
    if (signed === null) return;
    const finding = (rule: AuditRule, message: string): Finding => ({
      index,
      rule,
      message,
      severity: 'critical',
    });
    if (signed.digest !== digestOf(hash, signed)) {
      const what = signed.envelope === null ? `plan \`${signed.plan}\`` : 'its envelope';
      report(finding('approval-digest', `it signs \`${signed.digest}\`, which is not the digest of ${what}`));
    }
    const id = signed.assertion.authenticator;
    const authenticator = known.get(id);
    if (authenticator === null) {
      const message = `no leaf before has recorded authenticator \`${id}\` of \`${signed.approver}\``;
      report(known.unlessMissed(finding('approval-authenticator', message)));
    } else if (authenticator.person !== signed.approver) {
      const message = `authenticator \`${id}\` is of \`${authenticator.person}\`, not of \`${signed.approver}\``;
      report(finding('approval-authenticator', message));
    } else if (authenticator.ended !== null) {
      const { how, at } = authenticator.ended;
      report(finding('approval-authenticator', `authenticator \`${id}\` was ${how} at leaf ${at}`));
    } else if (!verifies(signed, authenticator)) {
      const message = `its assertion does not verify with the key of \`${id}\` that leaf ${authenticator.since} recorded`;
      report(finding('approval-signature', message));
    }
  };
}

function signedOf(record: LedgerRecord): Signed | null {
  if (record.type === 'approval') return record;
  if (record.type !== 'decision') return null;
  const { digest, nonce, assertion } = record;
  if (digest === undefined || nonce === undefined || assertion === undefined) return null;
  return { ...record, approver: record.by, digest, nonce, assertion, envelope: null };
}

function digestOf(hash: Hash, { plan, envelope }: Signed): string {
  return envelope === null ? plan : encodeHex(hash(encodeUtf8(canonicalJson(envelope))));
}
