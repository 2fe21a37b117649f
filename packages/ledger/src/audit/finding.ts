/** Every rule an audit can find broken. Stable: alarms are keyed by it. */
export type AuditRule =
  | 'origin-mismatch'
  | 'checkpoint-extension'
  | 'checkpoint-root'
  | 'rolled-back'
  | 'forked'
  | 'entry-missing'
  | 'entry-order'
  | 'entry-unsigned'
  | 'entry-altered'
  | 'tile-altered'
  | 'entry-or-tile-altered'
  | 'tile-missing'
  | 'tile-root'
  | 'leaf-malformed'
  | 'time-backwards'
  | 'genesis-missing'
  | 'genesis-repeated'
  | 'artefacts-chain'
  | 'artefacts-mode'
  | 'record-missing'
  | 'record-commitment'
  | 'record-malformed'
  | 'record-disagrees'
  | 'issue-artefacts'
  | 'issue-dev-flag'
  | 'issue-while-frozen'
  | 'issue-key'
  | 'issue-duplicate'
  | 'unfreeze-without-freeze'
  | 'issue-reference'
  | 'erasure-reference'
  | 'key-order'
  | 'authenticator-order'
  | 'person-grounds'
  | 'approval-digest'
  | 'approval-authenticator'
  | 'approval-signature'
  | 'approval-reference'
  | 'approval-repeated'
  | 'approval-missing'
  | 'issue-unattended'
  | 'run-ended'
  | 'findings-truncated';

/**
 * `critical`: the log is not what was signed, or somebody signed or was let through without a right to. `error`: the log
 * holds what must not happen. `warning`: the rest.
 */
export type Severity = 'critical' | 'error' | 'warning';

/** One thing an audit found. */
export interface Finding {
  /** The leaf it is about, or null when it is about the whole log. */
  readonly index: number | null;
  readonly rule: AuditRule;
  readonly message: string;
  readonly severity: Severity;
}

/** Where rules report to. */
export type Report = (finding: Finding) => void;

/** A damaged log could yield a finding for every leaf; nobody reads more than this many. */
const MAX_FINDINGS = 10_000;

/** Findings in the order found, cut off with a last one that says how many more there were. */
export class FindingList {
  readonly #findings: Finding[] = [];
  #dropped = 0;

  readonly report: Report = (finding) => {
    if (this.#findings.length < MAX_FINDINGS) this.#findings.push(finding);
    else this.#dropped += 1;
  };

  all(): readonly Finding[] {
    if (this.#dropped === 0) return this.#findings;
    const message = `${this.#dropped} more findings were left out`;
    return [...this.#findings, { index: null, rule: 'findings-truncated', message, severity: 'critical' }];
  }
}
