import type { Assurance } from './anchor.ts';
import type { Consume, Expect } from './commit.ts';
import type { Envelope } from './envelope.ts';
import type { Holder } from './evidence.ts';
import type { Identity } from './identity.ts';
import type { FieldValue } from './request.ts';

/** The spine. A run never leaves this order. */
export const STAGES = [
  'request',
  'proof',
  'policy',
  'approval',
  'generate',
  'bind',
  'deliver',
  'activate',
  'lifecycle',
] as const;
export type Stage = (typeof STAGES)[number];

/** Why a rule refused, for whoever may know it. `value` is the caller's own, never the expected one (law 14). */
export interface Reason {
  readonly stage: Stage;
  /** `proof.github.ref`, `policy.forbid.write-only-from-protected`, `gate.freeze` */
  readonly rule: string;
  readonly message: string;
  readonly claim?: string | undefined;
  readonly value?: string | undefined;
  readonly help?: string | undefined;
  /** what would have been accepted: for owners and operators alone */
  readonly expected?: string | undefined;
}

/** What is still demanded before a run may go on. */
export interface Obligation {
  readonly kind: 'approval' | 'confirmation';
  readonly rule: string;
  /** `group:…`, `owner`, `proof:…` */
  readonly from: string;
  readonly count: number;
  readonly missing: number;
  readonly factor: string | null;
  readonly not: readonly string[];
  /** milliseconds since the epoch */
  readonly expires: number;
  /** why nobody can satisfy it as things are, or null */
  readonly unsatisfiable: string | null;
  /** what is to be signed, hexadecimal: the digest of the plan, or of the envelope of a standing approval */
  readonly digest: string;
  readonly envelope: Envelope | null;
}

/** Claim values the flow read, per proof: what an approval signs instead of the token (law 6). */
export interface ClaimProjection {
  readonly proof: string;
  readonly anchor: string;
  readonly claims: Readonly<Record<string, string>>;
}

/** The proof an issuance rests on. */
export interface Proven {
  readonly proof: string;
  readonly anchor: string;
  readonly digest: string;
  readonly assurance: Assurance;
}

/** What may be issued, to whom, for how long: everything later stages are allowed to use. Times in milliseconds, `ttl` in seconds. */
export interface Bounds {
  readonly flow: { readonly name: string; readonly version: number; readonly hash: string };
  /** empty for an act, which issues no credential */
  readonly right: string;
  readonly identity: { readonly uri: string; readonly name: string; readonly revision: number };
  readonly owner: string;
  readonly purpose: string;
  readonly environment: string;
  readonly subject: string;
  readonly actor: string | null;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly ttl: number;
  /** after it this run issues nothing; 0 where nothing has to be waited for */
  readonly notIssuedAfter: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** fields that go into the credential as `authorization_details` */
  readonly inToken: readonly string[];
  readonly generate: GeneratePlan;
  readonly holder: Holder | null;
  readonly pop: readonly string[];
  readonly source: string | null;
  readonly deliver: readonly string[];
  readonly activate: string;
  readonly proven: readonly Proven[];
  readonly projections: readonly ClaimProjection[];
  readonly assurance: Assurance;
  readonly freezeScopes: readonly string[];
  readonly unattended: boolean;
  /** the revision of an identity that this run brings about, or null where it issues a credential */
  readonly proposal: Identity | null;
}

export interface GeneratePlan {
  readonly kind: string;
  readonly alg: string | null;
  readonly key: string | null;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Issue {
  readonly outcome: 'issue';
  /** hash of the artefact set that decided */
  readonly artefacts: string;
  readonly bounds: Bounds;
  readonly expect: readonly Expect[];
  readonly consume: readonly Consume[];
  readonly decidedBy: readonly string[];
}

export interface Waiting {
  readonly outcome: 'waiting';
  readonly artefacts: string;
  readonly bounds: Bounds;
  readonly obligations: readonly Obligation[];
  readonly decidedBy: readonly string[];
}

export interface Refused {
  readonly outcome: 'refused';
  /** the first one decides; the others stand beside it in the same stage */
  readonly reasons: readonly [Reason, ...Reason[]];
  /** whether the caller has proven enough to be told (law 14) */
  readonly disclose: boolean;
}

export type Verdict = Issue | Waiting | Refused;
