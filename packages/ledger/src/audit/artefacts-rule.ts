import type { ArtefactsRecord, IssueRecord } from '../record.ts';
import type { AuditRule, Report } from './finding.ts';
import type { LeafRule, SeenLeaf } from './leaf-rule.ts';

/** What is in force; null when the record that says so is not given. */
interface InForce {
  readonly hash: string | null;
  readonly dev: boolean;
}

/**
 * The first leaf is the genesis of the artefact set and there is no other; every later switch names the set it
 * replaces; an issuance names exactly the set in force at its index, and wears its `dev` mark.
 */
export function artefactsRule(report: Report): LeafRule {
  let inForce: InForce | null = null;
  const found = (index: number, rule: AuditRule, message: string): void =>
    report({ index, rule, message, severity: 'error' });

  function switched(seen: SeenLeaf, record: ArtefactsRecord | null): InForce {
    const { index, leaf } = seen;
    if (record === null) return { hash: null, dev: leaf.dev };
    if (index > 0 && record.mode === 'genesis')
      found(index, 'genesis-repeated', 'a second genesis of the artefact set');
    if (record.mode !== 'genesis' && leaf.dev !== (record.mode === 'dev')) {
      found(
        index,
        'artefacts-mode',
        `the record says \`${record.mode}\`, the leaf's dev flag says otherwise`,
      );
    }
    const before = index === 0 ? null : (inForce?.hash ?? record.previous);
    if (record.previous !== before) {
      found(index, 'artefacts-chain', `it replaces \`${record.previous}\`, but \`${before}\` was in force`);
    }
    return { hash: record.hash, dev: leaf.dev };
  }

  function issued({ index, leaf }: SeenLeaf, record: IssueRecord | null): void {
    if (inForce === null) return;
    if (leaf.dev !== inForce.dev) {
      const message = leaf.dev
        ? 'is set, but the set in force is not of development'
        : 'is not set under a development set';
      found(index, 'issue-dev-flag', `its dev flag ${message}`);
    }
    if (record !== null && inForce.hash !== null && record.artefacts !== inForce.hash) {
      found(
        index,
        'issue-artefacts',
        `decided by \`${record.artefacts}\`, but \`${inForce.hash}\` was in force`,
      );
    }
  }

  return (seen) => {
    const { index, leaf, record } = seen;
    if (
      index === 0 &&
      (leaf.type !== 'artefacts' || (record?.type === 'artefacts' && record.mode !== 'genesis'))
    ) {
      found(index, 'genesis-missing', 'the first leaf is not the genesis of the artefact set');
    }
    if (leaf.type === 'artefacts') inForce = switched(seen, record?.type === 'artefacts' ? record : null);
    if (leaf.type === 'issue') issued(seen, record?.type === 'issue' ? record : null);
  };
}
