import type { Envelope } from './envelope.ts';
import type { Evidence, Holder } from './evidence.ts';
import type { Identity } from './identity.ts';
import type { IssuanceRequest } from './request.ts';
import type { Value } from './value.ts';

/** An approval as a fact about a person, factor, time and plan (law 7). Times are milliseconds since the epoch. */
export interface Approval {
  readonly rule: string;
  readonly person: string;
  readonly factor: string;
  /** the digest that was signed, hexadecimal: of the plan of one run, or of the envelope */
  readonly digest: string;
  readonly decision: 'approve' | 'deny';
  readonly at: number;
  /** what a standing approval covers; null where it was given for the plan of one run */
  readonly envelope: Envelope | null;
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

/** What a run was opened with: hashes of the artefact set and of the flow in it, its end, and its plan. */
export interface PinnedTo {
  readonly set: string;
  readonly flow: string;
  /** milliseconds since the epoch; it stays what it was, also when what was waited for is demanded no longer */
  readonly notIssuedAfter?: number;
  /** digest of what was asked to be approved, hexadecimal: approvals are facts about it, whatever is in force now */
  readonly plan?: string;
}

/**
 * Everything a decision may read, as one closed type. The artefact set (flows, rights, guardrails, groups) is the
 * other argument of `decide`.
 */
export interface Facts {
  readonly request: IssuanceRequest;
  readonly holder: Holder | null;
  readonly evidence: readonly Evidence[];
  /** where the run is about an identity itself, the proposed revision of it */
  readonly identity: Identity | null;
  /** the registered revision that a proposal would replace; null for a new identity, and where nothing is proposed */
  readonly before: Identity | null;
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
