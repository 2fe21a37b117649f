import type { Evidence, Holder } from './evidence.ts';
import type { Identity } from './identity.ts';
import type { IssuanceRequest } from './request.ts';
import type { Value } from './value.ts';

/** An approval as a fact about a person, factor, time and plan (law 7). Times are milliseconds since the epoch. */
export interface Approval {
  readonly rule: string;
  readonly person: string;
  readonly factor: string;
  /** the plan digest that was signed, hexadecimal */
  readonly plan: string;
  readonly decision: 'approve' | 'deny';
  readonly at: number;
  /** `fresh` was given in this run; `standing` comes from an earlier one and is inside its envelope */
  readonly reuse: 'fresh' | 'standing';
}

export interface Confirmation {
  readonly person: string;
  readonly plan: string;
  readonly at: number;
}

/** What a fact source said, and when it was observed. */
export interface Observation {
  readonly value: Value;
  readonly observedAt: number;
}

/** A human with their linked subjects and groups, as far as this decision needs them. */
export interface Person {
  readonly id: string;
  /** `issuer#immutable-id` */
  readonly subjects: readonly string[];
  readonly groups: readonly string[];
}

export interface Lineage {
  readonly follows: string;
  readonly firstIssuedAt: number;
}

/** How much of a right's budget is used. */
export interface BudgetUse {
  readonly live: number;
}

/** Hashes of an artefact set and of the flow in it, and the end that a run was opened with. */
export interface PinnedTo {
  readonly set: string;
  readonly flow: string;
  /** milliseconds since the epoch; it stays what it was, also when what was waited for is demanded no longer */
  readonly notIssuedAfter?: number;
}

/**
 * Everything a decision may read, as one closed type. The artefact set (flows, rights, guardrails, groups) is the
 * other argument of `decide`.
 */
export interface Facts {
  readonly request: IssuanceRequest;
  readonly holder: Holder | null;
  readonly evidence: readonly Evidence[];
  readonly identity: Identity | null;
  readonly people: readonly Person[];
  readonly approvals: readonly Approval[];
  readonly confirmations: readonly Confirmation[];
  readonly events: readonly string[];
  readonly lineage: Lineage | null;
  /** by fact source name */
  readonly sources: Readonly<Record<string, Observation>>;
  /** cell value by freeze scope; a scope that was never frozen has none */
  readonly freezes: Readonly<Record<string, string | null>>;
  readonly budget: BudgetUse;
  /** when the run was opened, milliseconds since the epoch; approvals lapse against it */
  readonly openedAt: number;
  /** what the run was opened under, or null when it opens now; plan digests are over it (law 7) */
  readonly pinned: PinnedTo | null;
}
