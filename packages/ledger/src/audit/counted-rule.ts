import type { Hash } from '../hash.ts';
import type { ApprovalRecord, ArtefactsRecord, IdentityRecord, IssueRecord } from '../record.ts';
import type { AuditRule, Report } from './finding.ts';
import { KnownIdentities } from './known-identities.ts';
import type { LeafRule } from './leaf-rule.ts';
import { outsideEnvelope } from './outside-envelope.ts';

/** What is remembered of an approval; null where its record is not there. */
type Given = Pick<ApprovalRecord, 'run' | 'identity' | 'plan' | 'rule' | 'approver' | 'envelope'> | null;
/** A record that approvals can have let happen. */
type Counting = IssueRecord | IdentityRecord | ArtefactsRecord;

const BY_APPROVAL = 'approval.';

/**
 * The approvals that a record says counted are approvals before it, each of this identity, and of this run and plan or
 * inside its envelope; nobody counts twice for a rule; every approval rule that decided has one; and an issuance without
 * any, and no other, is marked as unattended.
 */
export function countedRule(hash: Hash, report: Report): LeafRule {
  const approvals = new Map<number, Given>();
  const identities = new KnownIdentities(hash);

  function checkEach(index: number, record: Counting, named: readonly number[]): void {
    const counted = new Set<string>();
    for (const of of named) {
      const given = approvals.get(of);
      const found = (rule: AuditRule, message: string): void =>
        report({
          index,
          rule,
          message: `leaf ${of}, whose approval counted, ${message}`,
          severity: 'critical',
        });
      if (given === undefined) {
        found('approval-reference', 'is not an approval before it');
        continue;
      }
      const by = given === null ? String(of) : JSON.stringify([given.rule, given.approver]);
      const why = given === null ? null : (otherThan(given, record) ?? outside(given, record));
      if (why !== null) found('approval-reference', why);
      else if (counted.has(by)) {
        found(
          'approval-repeated',
          given === null ? 'is named twice' : `is the second of \`${given.approver}\` for \`${given.rule}\``,
        );
      }
      counted.add(by);
    }
  }

  function outside(given: NonNullable<Given>, record: Counting): string | null {
    if (given.envelope === null) return null;
    if (record.type === 'artefacts') return 'stands, and no change rests on a standing approval';
    const why = outsideEnvelope({ ...given, envelope: given.envelope }, record, identities);
    return why === null ? null : `does not cover it: ${why}`;
  }

  function checkRules(index: number, record: Counting, named: readonly number[]): void {
    const given = named.map((of) => approvals.get(of));
    if (given.includes(null)) return;
    const rules = new Set(given.map((each) => `${BY_APPROVAL}${each?.rule}`));
    for (const rule of record.decided_by ?? []) {
      if (!rule.startsWith(BY_APPROVAL) || rules.has(rule)) continue;
      const message = `it was decided by \`${rule}\`, and names no approval of that rule`;
      report({ index, rule: 'approval-missing', message, severity: 'critical' });
    }
  }

  return ({ index, leaf, record }) => {
    if (leaf.type === 'approval') approvals.set(index, record?.type === 'approval' ? kept(record) : null);
    if (record?.type === 'identity') identities.learn(index, record);
    if (record?.type !== 'issue' && record?.type !== 'identity' && record?.type !== 'artefacts') return;
    const named = record.approvals ?? [];
    checkEach(index, record, named);
    checkRules(index, record, named);
    if (record.type === 'issue' && leaf.unattended !== (named.length === 0)) {
      const message = leaf.unattended
        ? 'it is marked as unattended, and names approvals'
        : 'it is not marked as unattended, and names no approval';
      report({ index, rule: 'issue-unattended', message, severity: 'error' });
    }
  };
}

function kept({ run, identity, plan, rule, approver, envelope }: ApprovalRecord): Given {
  return { run, identity, plan, rule, approver, envelope };
}

/** In words, of what else an approval is. One that stands is given for the envelope and not for a run. */
function otherThan(given: NonNullable<Given>, record: Counting): string | null {
  if (given.identity !== record.identity) return `is of identity \`${given.identity}\``;
  if (given.envelope !== null) return null;
  if (given.run !== record.run) return `is of run \`${given.run}\``;
  if (given.plan !== record.plan) return `is of plan \`${given.plan}\``;
  return null;
}
