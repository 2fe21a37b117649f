import type { Assurance, AttributeType, IdentityKind } from '@writ/core';
import type { Expression } from '../condition/expression.ts';

export const CREDENTIAL_KINDS = ['token', 'x509', 'ssh', 'api-key', 'password', 'database'] as const;
export const ACTS = ['identity', 'change', 'revalidate'] as const;
export type Issues = (typeof CREDENTIAL_KINDS)[number] | (typeof ACTS)[number];

/** Whether what is issued is a change to Writ's own state: one commit and one leaf, no credential. */
export function isAct(issues: Issues): boolean {
  return ACTS.some((act) => act === issues);
}

export const POPS = ['dpop', 'mtls', 'tpm-key', 'none'] as const;
export type Pop = (typeof POPS)[number];

export const REVOKE_EVENTS = [
  'owner.offboarded',
  'owner.changed',
  'subject.offboarded',
  'anchor.withdrawn',
  'registry.unregistered',
] as const;

/** A condition as written and as it is evaluated. Only `expression` counts for the content hash. */
export interface Condition {
  readonly text: string;
  readonly expression: Expression;
}

/** What a condition is until it has been validated against the anchors. */
export interface ConditionSource {
  readonly text: string;
  /** offset in the file of the node, and of the text's first character where the two can be mapped */
  readonly at: number;
  readonly contentAt: number | null;
}

/** Times and lives are in seconds throughout. */
export interface FlowDefinition<C> {
  readonly name: string;
  readonly version: number;
  readonly owner: string;
  readonly summary: string;
  readonly issues: Issues;
  readonly tier: 0 | 1 | 2 | 3;
  readonly unattended: string | null;
  readonly request: RequestDefinition;
  readonly facts: Readonly<Record<string, FactDefinition>>;
  readonly proof: ProofStage;
  readonly policy: { readonly permit: readonly PermitRule<C>[]; readonly forbid: readonly ForbidRule<C>[] };
  readonly approval: readonly ApprovalRule<C>[];
  readonly generate: GenerateDefinition;
  readonly bind: { readonly pop: readonly Pop[]; readonly source: { readonly cidr: string } | null };
  readonly deliver: { readonly to: readonly string[]; readonly humanVisible: 'never' | 'allowed' };
  readonly activate: ActivateDefinition;
  readonly lifecycle: LifecycleDefinition;
}

export interface RequestDefinition {
  readonly by: { readonly kinds: readonly IdentityKind[] } | { readonly from: string };
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  readonly ttl: { readonly max: number; readonly default: number };
  readonly fields: Readonly<Record<string, FieldDefinition>>;
}

export interface FieldDefinition {
  readonly type: 'string' | 'set' | 'long' | 'bool';
  readonly oneOf: readonly string[] | null;
  readonly subsetOf: readonly string[] | null;
  readonly maxLength: number | null;
  readonly required: boolean;
  readonly inToken: boolean;
}

export interface FactDefinition {
  readonly source: string;
  readonly type: AttributeType;
  readonly maxAge: number;
}

export interface ProofStage {
  readonly minAssurance: Assurance;
  readonly mode: 'any' | 'all';
  readonly proofs: readonly ProofDefinition[];
}

export interface ProofDefinition {
  readonly id: string;
  readonly role: 'subject' | 'actor';
  readonly anchor: string;
  readonly maxAge: number;
  readonly match: Readonly<Record<string, Match>>;
}

/** How one claim must look (law 9). */
export type Match =
  | { readonly exact: string }
  | { readonly like: string }
  | { readonly oneOf: readonly string[] }
  | { readonly sameAs: string }
  | { readonly contains: string };

export interface PermitRule<C> {
  readonly id: string;
  readonly redundant: boolean;
  /** the `*` of a `like` is meant to cross `/` */
  readonly crossesSegments: boolean;
  readonly when: C;
}

export interface ForbidRule<C> extends PermitRule<C> {
  readonly because: string;
}

export interface ApprovalRule<C> {
  readonly id: string;
  readonly crossesSegments: boolean;
  readonly when: C;
  readonly require: {
    /** `group:…`, `owner` or `proof:<id>` */
    readonly from: string;
    readonly count: number;
    readonly factor: string | null;
    readonly not: readonly string[];
  };
  readonly shows: readonly string[];
  readonly expires: number;
  readonly reuse: 'none' | { readonly until: string };
}

/** `parameters` are the names and values below the kind, as written. */
export interface GenerateDefinition {
  readonly kind: Issues;
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
}

export interface ActivateDefinition {
  readonly when: 'issued' | 'confirmed' | 'proven';
  readonly by: string | null;
  readonly not: readonly string[];
  readonly shows: readonly string[];
  readonly within: number | null;
}

export interface LifecycleDefinition {
  readonly renewable: boolean;
  readonly renewWindow: number | null;
  readonly rotateEvery: number | null;
  readonly overlap: number | null;
  readonly maxLifetime: number;
  readonly reviewEvery: number | null;
  readonly recover: 'none' | { readonly after: string; readonly hold: string };
  readonly revokeOn: readonly string[];
}
