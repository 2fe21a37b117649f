/** The kinds of non-human subjects. */
export const IDENTITY_KINDS = ['workload', 'service-account', 'device', 'agent', 'integration'] as const;
export type IdentityKind = (typeof IDENTITY_KINDS)[number];

export const IDENTITY_STATUSES = ['pending', 'active', 'suspended', 'retired'] as const;
export type IdentityStatus = (typeof IDENTITY_STATUSES)[number];

/** A registered non-human subject. Times are milliseconds since the epoch. */
export interface Identity {
  /** its SPIFFE ID under the trust domain */
  readonly uri: string;
  /** its short name, which is its OAuth `client_id` */
  readonly name: string;
  readonly kind: IdentityKind;
  readonly status: IdentityStatus;
  /** `user:…` or `group:…`; never absent */
  readonly owner: string;
  readonly deputy: string;
  readonly purpose: string;
  readonly environment: string;
  readonly expires: number;
  readonly revision: number;
  /** set only by a reviewer's approval in the run that made this revision */
  readonly revisionReviewed: boolean;
  readonly previouslyRevoked: boolean;
  readonly attributes: KindAttributes;
  readonly entitlement: Entitlement;
  /** public keys (RFC 7517) that it authenticates with as an OAuth client */
  readonly keys: readonly Readonly<Record<string, string>>[];
  /** credentials of an earlier revision are bound to what it no longer is */
  readonly boundSince: number;
}

/** What only one kind has; the others leave it out. */
export interface KindAttributes {
  readonly serial?: string | undefined;
  readonly trust_anchor?: string | undefined;
  readonly partner?: string | undefined;
  readonly contact?: string | undefined;
  readonly egress?: string | undefined;
  readonly task?: string | undefined;
  readonly data_sets?: readonly string[] | undefined;
  readonly commands?: readonly string[] | undefined;
}

/** Which attributes each kind must have. */
export const KIND_ATTRIBUTES: Readonly<Record<IdentityKind, readonly (keyof KindAttributes)[]>> = {
  workload: [],
  'service-account': [],
  device: ['serial', 'trust_anchor'],
  agent: ['task', 'data_sets', 'commands'],
  integration: ['partner', 'contact', 'egress'],
};

/** The widest an identity may hold; `decide` refuses a request outside it. An empty list permits nothing. */
export interface Entitlement {
  readonly audiences: readonly string[];
  readonly scopes: readonly string[];
  readonly environments: readonly string[];
  readonly dataSets: readonly string[];
  readonly commands: readonly string[];
}

/** What an identity holds that has been given nothing. */
export const NO_ENTITLEMENT: Entitlement = {
  audiences: [],
  scopes: [],
  environments: [],
  dataSets: [],
  commands: [],
};
