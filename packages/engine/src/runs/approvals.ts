import {
  type Approval,
  type Assertion,
  approvalChallenge,
  type Confirmation,
  type Decision,
  type Envelope,
  type FieldValue,
  type StoredRow,
  WritError,
} from '@writ/core';
import type { RecordAssertion, RecordEnvelope } from '@writ/ledger';
import type { Ports } from '../ports.ts';
import { parse } from '../stored.ts';
import { decisionColumns } from './decision-row.ts';
import { identityOnRecord } from './identity-on-record.ts';
import { recorded } from './recorded.ts';
import type { VerifiedDecision } from './verified-decision.ts';

/** What a row of `approvals` keeps beside its columns. */
export interface ApprovalBody {
  /** ledger index of the leaf that recorded the authenticator; null where none was asked for */
  readonly authenticatorEntry: number | null;
}

export interface Decisions {
  /** What was decided about a run, and standing approvals about its identity. @throws WritError `verification-failed` */
  of(run: string | null, identity: string): Promise<readonly VerifiedDecision[]>;
}

/** Decisions that have been verified are kept, so many: what an entry says does not change. */
const KEPT = 10_000;
/** Rows read at once. */
const PAGE = 1_000;

export function createDecisions(ports: Ports): Decisions {
  const { read } = ports.store;
  const known = new Map<number, Promise<VerifiedDecision>>();

  /** Verified once, however many ask at once. */
  const decisionOf = async (row: StoredRow<'approvals'>): Promise<VerifiedDecision> => {
    const { entry } = row;
    const before = entry === null ? undefined : known.get(entry);
    if (before !== undefined || entry === null) return before ?? verifiedDecision(ports, row);
    if (known.size >= KEPT) known.clear();
    const verifying = verifiedDecision(ports, row);
    known.set(entry, verifying);
    try {
      return await verifying;
    } catch (error) {
      known.delete(entry);
      throw error;
    }
  };

  const rowsBy = async (
    column: 'run' | 'identity',
    equals: string,
  ): Promise<readonly StoredRow<'approvals'>[]> => {
    const rows: StoredRow<'approvals'>[] = [];
    for (;;) {
      const page = await read.rows('approvals', { column, equals, limit: PAGE, after: rows.at(-1)?.id });
      rows.push(...page);
      if (page.length < PAGE) return rows;
    }
  };

  /** @throws WritError `verification-failed` for what is not a decision about this identity */
  const verified = async (row: StoredRow<'approvals'>, identity: string): Promise<VerifiedDecision> => {
    const decision = await decisionOf(row);
    if (decision.identity === identity && isRowOf(decision, row)) return decision;
    throw new WritError(
      'verification-failed',
      'a stored approval is not that of its entry; run `writ audit`',
    );
  };

  return {
    of: async (run, identity) => {
      const mine = run === null ? [] : await rowsBy('run', run);
      const standing = (await rowsBy('identity', identity)).filter((row) => row.run !== run);
      const found: VerifiedDecision[] = [];
      for (const row of [...mine, ...standing]) found.push(await verified(row, identity));
      // What stands, stands for the identity that the ledger has: its row may be another by now.
      if (standing.length > 0) await identityOnRecord(ports, identity);
      return found;
    },
  };
}

/** A row is where its entry is found. One that says anything else than its entry is not as it was written. */
function isRowOf(decision: VerifiedDecision, row: StoredRow<'approvals'>): boolean {
  const is = decisionColumns(decision);
  return (
    row.id === is.id &&
    row.run === is.run &&
    row.identity === is.identity &&
    row.rule === is.rule &&
    row.person === is.person &&
    row.decision === is.decision &&
    row.digest === is.digest
  );
}

function bodyOf(row: StoredRow<'approvals'>): ApprovalBody {
  return parse<ApprovalBody>(row.body, 'approval');
}

async function verifiedDecision(ports: Ports, row: StoredRow<'approvals'>): Promise<VerifiedDecision> {
  const { index, timeMs: at, record } = await recorded(ports, row.entry);
  if (record.type === 'approval') {
    await verifySigned(ports, { ...record, person: record.approver }, bodyOf(row).authenticatorEntry);
    const { run, identity, rule, approver: person, digest, decision } = record;
    const envelope = record.envelope === null ? null : readEnvelope(record.envelope);
    return { index, at, run, identity, rule, person, digest, envelope, decision, reason: null };
  }
  if (record.type !== 'decision' || (record.decision !== 'deny' && record.decision !== 'confirm'))
    throw new WritError(
      'verification-failed',
      `entry ${index} is no decision about a run; run \`writ audit\``,
    );
  const { run, identity, rule, by: person, decision, plan, reason } = record;
  if (decision === 'confirm')
    await verifySigned(ports, { ...record, person, decision }, bodyOf(row).authenticatorEntry);
  return { index, at, run, identity, rule, person, digest: plan, envelope: null, decision, reason };
}

function readEnvelope({ fields, ...envelope }: RecordEnvelope): Envelope {
  const read = Object.entries(fields).map(([name, value]): [string, FieldValue] => {
    if (!isFieldValue(value))
      throw new WritError(
        'verification-failed',
        `the field \`${name}\` of a standing approval cannot be read`,
      );
    return [name, value];
  });
  return { ...envelope, fields: Object.fromEntries(read) };
}

function isFieldValue(value: unknown): value is FieldValue {
  if (Array.isArray(value)) return value.every((member) => typeof member === 'string');
  return ['string', 'number', 'boolean'].includes(typeof value);
}

interface Signed {
  readonly run: string;
  readonly rule: string;
  readonly person: string;
  readonly decision: Decision;
  readonly digest?: string | undefined;
  readonly nonce?: string | undefined;
  readonly assertion?: RecordAssertion | undefined;
}

/** Holds a recorded assertion to the authenticator that a leaf recorded for this person. */
async function verifySigned(ports: Ports, signed: Signed, authenticatorEntry: number | null): Promise<void> {
  const { run, rule, digest, nonce, assertion, person, decision } = signed;
  const { record } = await recorded(ports, authenticatorEntry);
  const refuse = (why: string): never => {
    throw new WritError(
      'verification-failed',
      `an approval by ${person} does not hold: ${why}; run \`writ audit\``,
    );
  };
  if (record.type !== 'person' || record.event !== 'authenticator-added')
    return refuse('no leaf recorded the passkey');
  if (digest === undefined || nonce === undefined || assertion === undefined)
    return refuse('it is not signed');
  const { authenticator } = record;
  const { public_jwk: publicJwk, rp_id: rpId, origin } = authenticator;
  if (record.person !== person || authenticator.id !== assertion.authenticator)
    return refuse('the passkey is another one');
  const given: Assertion = {
    authenticator: assertion.authenticator,
    clientDataJson: assertion.client_data_json,
    authenticatorData: assertion.authenticator_data,
    signature: assertion.signature,
  };
  const challenge = approvalChallenge(ports.sha256, { digest, run, rule, approver: person, decision, nonce });
  try {
    ports.verifyAssertion(given, { challenge, origin, rpId, publicJwk });
  } catch {
    return refuse('the signature is not over it');
  }
}

/** A confirmation as the fact that `decide` counts. */
export function confirmationFact({ person, digest, decision, at }: VerifiedDecision): Confirmation | null {
  return decision === 'confirm' ? { person, plan: digest, at } : null;
}

/** A decision as the fact that `decide` counts. */
export function approvalFact({
  rule,
  person,
  digest,
  decision,
  at,
  envelope,
}: VerifiedDecision): Approval | null {
  if (decision === 'confirm') return null;
  return { rule, person, factor: 'webauthn', digest, decision, at, envelope };
}
