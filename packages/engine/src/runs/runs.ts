import type {
  Assertion,
  Decision,
  Entitlement,
  FieldValue,
  IdentityKind,
  Json,
  KindAttributes,
  Obligation,
  Reason,
  Session,
} from '@writ/core';
import type { ControlResult, SourceFile } from '@writ/flow';

/** What people do with runs. Whoever may not see a run or an identity is answered as if it did not exist. */
export interface Runs {
  /**
   * Asks for an identity, or for a change to one.
   * @throws WritError `invalid` for what breaks its shape, `contention`
   */
  ask(session: Session, asked: AskedIdentity): Promise<RunAnswer>;
  /** Asks for another artefact set, or an earlier one, to be put in force. @throws WritError as `propose.ts` says */
  propose(session: Session, change: ProposedChange): Promise<RunAnswer>;
  /** What decisions are made by. @throws WritError `refused` for whoever is no longer among the people */
  artefacts(session: Session): Promise<{ readonly hash: string; readonly files: readonly SourceFile[] }>;
  /** What would be decided if it were asked now. Nothing is kept. */
  preview(session: Session, asked: AskedIdentity): Promise<Preview>;
  find(session: Session, run: string): Promise<RunView | null>;
  /** Runs that the person asked for, in the order of their ids. */
  mine(session: Session, page: PageOf): Promise<readonly RunSummary[]>;
  /** What waits for the person, the earliest deadline first. */
  inbox(session: Session): Promise<readonly InboxItem[]>;
  /** @throws WritError `unknown`, `conflict` when the run waits no longer, `refused` when this person may not decide */
  challenge(session: Session, asked: ToDecide): Promise<DecisionChallenge>;
  /**
   * Approves or confirms, with a passkey.
   * @throws WritError as `challenge`; `verification-failed` for an assertion that is not over exactly this
   */
  decide(session: Session, given: GivenDecision): Promise<RunView>;
  /** Refuses from anywhere: no passkey is asked for. @throws WritError as `challenge` */
  deny(session: Session, denied: { run: string; rule: string; reason: string }): Promise<RunView>;
  /** By whoever asked. @throws WritError `unknown`, `conflict` */
  cancel(session: Session, run: string): Promise<RunView>;
  identities(
    session: Session,
    asked: PageOf & { readonly owner?: string | undefined },
  ): Promise<readonly IdentityView[]>;
  identity(session: Session, name: string): Promise<IdentityView | null>;
}

export interface PageOf {
  /** the key of the last row of the page before */
  readonly after: string | null;
  /** 1 to 1,000 */
  readonly limit: number;
}

/** A request for an identity as a person makes it. */
export interface AskedIdentity {
  readonly flow: string;
  readonly identity: ProposedIdentity;
  /** the revision that a change is meant for; null for a new identity */
  readonly replaces: number | null;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** so that a repeat finds the run of the first time */
  readonly idempotencyKey: string | null;
}

export interface ProposedIdentity {
  readonly name: string;
  readonly kind: IdentityKind;
  readonly owner: string;
  readonly deputy: string;
  readonly purpose: string;
  readonly environment: string;
  /** milliseconds since the epoch */
  readonly expires: number;
  readonly attributes: KindAttributes;
  readonly keys: readonly Readonly<Record<string, string>>[];
}

export type RunAnswer =
  | { readonly outcome: 'waiting' | 'issued'; readonly run: RunView; readonly repeated: boolean }
  | { readonly outcome: 'refused'; readonly reference: string; readonly reasons: readonly Reason[] };

export type RunState = 'waiting' | 'issued' | 'refused' | 'denied' | 'cancelled' | 'expired';

export interface RunSummary {
  readonly run: string;
  readonly flow: string;
  readonly identity: string;
  readonly state: RunState;
  /** `user:…`, or null where a machine asked */
  readonly requester: string | null;
  /** milliseconds since the epoch; `dueAt` is 0 where nothing is waited for */
  readonly openedAt: number;
  readonly dueAt: number;
}

/** Everything an approver is given. */
export interface RunView extends RunSummary {
  /** the plan digest, and the very JSON that it is of: the screen computes it again */
  readonly plan: string;
  readonly planJson: Json;
  readonly flowVersion: number;
  readonly purpose: string;
  readonly owner: string;
  /** claims that were proven, by proof id */
  readonly proven: readonly {
    readonly proof: string;
    readonly anchor: string;
    readonly claims: Readonly<Record<string, string>>;
  }[];
  /** facts that sources gave, for instance who owns the repository */
  readonly facts: Readonly<Record<string, Json>>;
  readonly obligations: readonly (Obligation & { readonly assignee: string; readonly mine: boolean })[];
  readonly approvals: readonly ApprovalView[];
  /** what would change on the identity: member, before, after */
  readonly changes: readonly Change[];
  /** what identities of the same kind and owner have and this would not, and the other way round */
  readonly similar: { readonly identities: number; readonly beyond: readonly string[] };
  /** rules of the policy that would have decided otherwise had one thing been different */
  readonly nearMisses: readonly { readonly rule: string; readonly message: string }[];
  readonly blastRadius: BlastRadius;
  /** of a proposed artefact set: flow by flow, what it lets through that the one in force does not; else null */
  readonly change: Json | null;
  /** pass or fail of each control of each policy pack */
  readonly controls: readonly ControlResult[];
  readonly reasons: readonly Reason[];
}

export interface ApprovalView {
  readonly rule: string;
  readonly person: string;
  readonly decision: Decision;
  readonly at: number;
  /** ledger index */
  readonly index: number;
  readonly reason: string | null;
}

export interface Change {
  readonly member: string;
  readonly before: Json;
  readonly after: Json;
}

export interface BlastRadius {
  readonly audiences: readonly string[];
  readonly scopes: readonly string[];
  readonly environments: readonly string[];
  /** live credentials of the identity now */
  readonly liveCredentials: number;
  /** rights by which it can be issued credentials */
  readonly rights: readonly string[];
}

export interface InboxItem {
  readonly run: string;
  readonly rule: string;
  readonly kind: 'approval' | 'confirmation' | 'review' | 'notice';
  readonly identity: string;
  readonly flow: string;
  readonly requester: string | null;
  readonly assignee: string;
  readonly openedAt: number;
  readonly dueAt: number;
  /** why it is in this list */
  readonly because: string;
}

export interface ToDecide {
  readonly run: string;
  readonly rule: string;
  readonly decision: 'approve' | 'confirm';
}

export interface DecisionChallenge {
  /** base64url of 32 bytes; single use, five minutes */
  readonly nonce: string;
  /** base64url: what the passkey signs */
  readonly challenge: string;
  /** what is signed: plan digest, or the digest of the envelope */
  readonly digest: string;
  readonly rpId: string;
  /** credential ids of this person's passkeys */
  readonly allow: readonly string[];
  readonly view: RunView;
}

export interface GivenDecision extends ToDecide {
  readonly nonce: string;
  readonly assertion: Assertion;
}

export interface IdentityView {
  readonly name: string;
  readonly uri: string;
  readonly kind: IdentityKind;
  readonly status: string;
  readonly owner: string;
  readonly deputy: string;
  readonly purpose: string;
  readonly environment: string;
  readonly expires: number;
  readonly revision: number;
  readonly revisionReviewed: boolean;
  readonly attributes: KindAttributes;
  readonly entitlement: Entitlement;
  /** key ids of its OAuth client keys */
  readonly clientKeys: readonly string[];
  /** milliseconds since the epoch; 0: no review is due */
  readonly reviewDue: number;
  /** why the row is in this list */
  readonly because: string;
}

/** What asking would lead to. */
export interface Preview {
  readonly outcome: 'waiting' | 'issue' | 'refused';
  readonly reasons: readonly Reason[];
  readonly obligations: readonly Obligation[];
  readonly changes: readonly Change[];
  readonly controls: readonly ControlResult[];
}

/** A change as a person proposes it: files, or an earlier set to go back to. */
export interface ProposedChange {
  readonly files: readonly SourceFile[] | null;
  /** the hash of a set that was in force before */
  readonly rollback: string | null;
  /** the hash that it was planned against; null: whatever is in force */
  readonly base: string | null;
  readonly summary: string;
}
