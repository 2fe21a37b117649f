import { LedgerError } from './ledger-error.ts';
import type {
  ApprovalRecord,
  DecisionRecord,
  RecordAssertion,
  RecordCommon,
  RecordEnvelope,
} from './record.ts';
import type { RecordFields } from './record-fields.ts';

const DECISIONS = ['deny', 'confirm', 'cancel', 'expire', 'review'] as const;
/** Members of a decision that say it was signed: all of them or none. */
const SIGNED = ['digest', 'nonce', 'assertion'];

/**
 * The record of an `approval` leaf.
 *
 * @throws LedgerError `record-malformed`
 */
export function readApproval(
  common: Omit<RecordCommon<'approval'>, 'type'>,
  f: RecordFields,
): ApprovalRecord {
  return {
    type: 'approval',
    ...common,
    ...readSubject(f),
    approver: f.person('approver'),
    decision: f.oneOf('decision', ['approve']),
    digest: f.digest('digest'),
    envelope: f.isNull('envelope') ? null : readEnvelope(f.object('envelope')),
    nonce: f.nonce('nonce'),
    assertion: readAssertion(f.object('assertion')),
  };
}

/**
 * The record of a `decision` leaf, signed or not.
 *
 * @throws LedgerError `record-malformed`
 */
export function readDecision(
  common: Omit<RecordCommon<'decision'>, 'type'>,
  f: RecordFields,
): DecisionRecord {
  const missing = SIGNED.filter((member) => !f.has(member));
  if (missing.length > 0 && missing.length < SIGNED.length) {
    throw malformed(`\`${missing.join('`, `')}\` is missing of a decision that was signed`);
  }
  return {
    type: 'decision',
    ...common,
    ...readSubject(f),
    by: f.text('by'),
    decision: f.oneOf('decision', DECISIONS),
    reason: f.text('reason'),
    ...(missing.length > 0
      ? {}
      : {
          digest: f.digest('digest'),
          nonce: f.nonce('nonce'),
          assertion: readAssertion(f.object('assertion')),
        }),
  };
}

type Subject = Pick<ApprovalRecord, 'run' | 'identity' | 'rule' | 'plan'>;

function readSubject(f: RecordFields): Subject {
  return { run: f.text('run'), identity: f.text('identity'), rule: f.text('rule'), plan: f.digest('plan') };
}

function readEnvelope(f: RecordFields): RecordEnvelope {
  const envelope = {
    identity: f.text('identity'),
    revision: f.count('revision'),
    flow: f.digest('flow'),
    audience: f.textOrEmpty('audience'),
    scopes: f.texts('scopes'),
    ttl: f.count('ttl'),
    fields: f.object('fields').rest(),
  };
  f.done();
  return envelope;
}

function readAssertion(f: RecordFields): RecordAssertion {
  const assertion = {
    authenticator: f.base64url('authenticator'),
    client_data_json: f.base64url('client_data_json'),
    authenticator_data: f.base64url('authenticator_data'),
    signature: f.base64url('signature'),
  };
  f.done();
  return assertion;
}

function malformed(why: string): LedgerError {
  return new LedgerError('record-malformed', `record is malformed: ${why}`);
}
