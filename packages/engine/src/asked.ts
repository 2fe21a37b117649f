import type { Consume, EvidenceRole, FieldValue, Holder, Obligation, Reason, Secret } from '@writ/core';

/** A token request after strict parsing: nothing in it has been believed yet but the holder's key, which was proven. */
export interface Asked {
  readonly clientId: string;
  readonly tokens: readonly { readonly token: string; readonly role: EvidenceRole }[];
  /** the client's own signed assertion (RFC 7523 §2.2), which is then all the evidence there is */
  readonly assertion?: string | undefined;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly flow: string | null;
  /** seconds */
  readonly ttl: number | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** the proven key, and the proof's own single use */
  readonly holder: { readonly key: Holder; readonly proof: Consume } | null;
  /** a waiting run to go on with */
  readonly run: string | null;
}

export type Answer = Issued | StillWaiting | Declined;

export interface Issued {
  readonly outcome: 'issued';
  readonly run: string;
  readonly token: Secret<string>;
  readonly tokenType: 'DPoP' | 'Bearer';
  /** seconds */
  readonly expiresIn: number;
  readonly scopes: readonly string[];
  readonly receipt: string;
  readonly index: number;
}

export interface StillWaiting {
  readonly outcome: 'waiting';
  readonly run: string;
  /** seconds */
  readonly interval: number;
  readonly expiresIn: number;
  readonly obligations: readonly Obligation[];
}

/** What kind of thing was wrong; the OAuth edge maps it to an error code. */
export type Fault =
  | 'grant'
  | 'client'
  | 'target'
  | 'scope'
  | 'details'
  | 'ambiguous'
  | 'dpop-replay'
  | 'contention';

export interface Declined {
  readonly outcome: 'declined';
  readonly fault: Fault;
  readonly reference: string;
  /** null: the caller has not proven enough to be told (law 14) */
  readonly reasons: readonly Reason[] | null;
}
