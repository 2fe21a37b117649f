import type { CredentialClass, LeafType } from './leaf-type.ts';

/** What every private record says. Field names are those of its canonical JSON. */
export interface RecordCommon<Type extends LeafType> {
  readonly type: Type;
  /** When it was asked for, in milliseconds since the epoch; the leaf has the time at which it was committed. */
  readonly requested_at_ms: number;
  /** Hash of the artefact set in force, 64 hex digits. */
  readonly artefacts: string;
}

/** Evidence an issuance rests on; the token itself is never kept. */
export interface RecordEvidence {
  readonly proof: string;
  readonly anchor: string;
  /** Digest of the signing input, 64 hex digits. */
  readonly digest: string;
  /** 1 asserted, 2 signed by an anchor, 3 hardware-bound. */
  readonly assurance: number;
}

/** The flow that decided; `hash` has 64 hex digits. */
export interface RecordFlow {
  readonly name: string;
  readonly version: string | number;
  readonly hash: string;
}

/** A credential was authorised to be signed. Not that it was signed, and not that it was delivered. */
export interface IssueRecord extends RecordCommon<'issue'> {
  readonly run: string;
  readonly identity: string;
  readonly owner: string;
  readonly purpose: string;
  readonly subject: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly ttl: number;
  readonly not_after_ms: number;
  readonly flow: RecordFlow;
  readonly right: string;
  readonly decided_by: readonly string[];
  /** Plan digest, 64 hex digits. */
  readonly plan: string;
  readonly evidence: readonly RecordEvidence[];
  /** Every scope whose freeze would have stopped this: `identity:…`, `anchor:…`, … or `everything`. */
  readonly freeze_scopes: readonly string[];
  readonly credential_class: Exclude<CredentialClass, 'none'>;
  /** The signing key. Absent for credentials that nobody signs. */
  readonly kid?: string;
  /** Thumbprint of the holder's key. */
  readonly jkt?: string;
  /** The credential's id (`jti`, serial), by which a revocation names it. */
  readonly credential?: string;
  /** Indexes of the approvals that counted. */
  readonly approvals?: readonly number[];
}

/** An issuance that was never signed or never delivered. */
export interface AbortRecord extends RecordCommon<'abort'> {
  readonly run: string;
  readonly issue_index: number;
  readonly reason: string;
}

export interface RevokeRecord extends RecordCommon<'revoke'> {
  readonly credential: string;
  readonly issue_index: number;
  readonly by: string;
  readonly reason: string;
}

export interface FreezeRecord extends RecordCommon<'freeze'> {
  readonly scope: string;
  readonly by: string;
  readonly reason: string;
}

export interface UnfreezeRecord extends RecordCommon<'unfreeze'> {
  readonly scope: string;
  readonly by: string;
  /** The revalidation run that lifted the freeze. */
  readonly run: string;
}

/** The artefact set was switched from `previous` to `hash`, from this leaf on. */
export interface ArtefactsRecord extends RecordCommon<'artefacts'> {
  readonly hash: string;
  readonly previous: string | null;
  readonly mode: 'genesis' | 'dev' | 'published';
  readonly by: string;
  /** What was published by a run: who it was asked in the name of, and what approvals were over. */
  readonly identity?: string;
  readonly run?: string;
  readonly plan?: string;
  readonly flow?: RecordFlow;
  readonly decided_by?: readonly string[];
  readonly approvals?: readonly number[];
}

export interface KeyRecord extends RecordCommon<'key'> {
  readonly kid: string;
  readonly event: 'prepared' | 'activated' | 'retired';
  readonly use: string;
  /** RFC 7517; never a private or symmetric member. */
  readonly public_jwk: Readonly<Record<string, unknown>>;
  readonly by: string;
}

/** An identity was registered or changed; the optional members say by which run, and read as those of an issuance. */
export interface IdentityRecord extends RecordCommon<'identity'> {
  readonly identity: string;
  readonly revision: number;
  readonly change: unknown;
  readonly by: string;
  readonly run?: string;
  readonly plan?: string;
  readonly flow?: RecordFlow;
  readonly decided_by?: readonly string[];
  readonly owner?: string;
  readonly purpose?: string;
  readonly evidence?: readonly RecordEvidence[];
  readonly approvals?: readonly number[];
}

/** A passkey as its leaf records it: the audit believes no other key. */
export interface RecordAuthenticator {
  /** WebAuthn credential id, base64url. */
  readonly id: string;
  /** RFC 7517; never a private or symmetric member. */
  readonly public_jwk: Readonly<Record<string, string>>;
  readonly rp_id: string;
  readonly origin: string;
  readonly label: string;
}

/** Why an event of a person was let happen. */
export type PersonGrounds = 'first-administrator' | 'invitation' | 'passkey' | 'session' | 'sample';

interface PersonCommon extends RecordCommon<'person'> {
  /** `user:…` */
  readonly person: string;
  /** `user:…`, `local` for the operator's socket, or `dev`. */
  readonly by: string;
  readonly grounds: PersonGrounds;
}

/** Something happened to a person or to an authenticator of theirs. */
export type PersonRecord =
  | (PersonCommon & { readonly event: 'invited' })
  | (PersonCommon & { readonly event: 'authenticator-added'; readonly authenticator: RecordAuthenticator })
  | (PersonCommon & {
      /** It counts no more from this leaf on. */
      readonly event: 'authenticator-replaced' | 'authenticator-lost';
      readonly authenticator: Pick<RecordAuthenticator, 'id'> & Partial<RecordAuthenticator>;
    });

/** A WebAuthn assertion as it was given, everything base64url. Web Authentication Level 3 §5.2.2. */
export interface RecordAssertion {
  /** Credential id. */
  readonly authenticator: string;
  readonly client_data_json: string;
  readonly authenticator_data: string;
  readonly signature: string;
}

/** What a standing approval covers: an identity at this revision, through this flow, no further than this request. */
export interface RecordEnvelope {
  /** URI of the identity. */
  readonly identity: string;
  readonly revision: number;
  /** Hash of the flow, 64 hex digits. */
  readonly flow: string;
  /** Empty where nothing is issued to anybody. */
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly ttl: number;
  /** Of the request; records of issuances have none to hold them against. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A person approved of a run by passkey. */
export interface ApprovalRecord extends RecordCommon<'approval'> {
  readonly run: string;
  readonly identity: string;
  readonly rule: string;
  /** Plan digest, 64 hex digits. */
  readonly plan: string;
  /** `user:…` */
  readonly approver: string;
  readonly decision: 'approve';
  /** What was signed, 64 hex digits: the plan digest, or that of the canonical JSON of `envelope`. */
  readonly digest: string;
  /** Of a standing approval, else null. */
  readonly envelope: RecordEnvelope | null;
  /** 32 bytes, base64url. */
  readonly nonce: string;
  readonly assertion: RecordAssertion;
}

/** Anything else that was decided about a run. `digest`, `nonce` and `assertion` stand together, where `by` signed it. */
export interface DecisionRecord extends RecordCommon<'decision'> {
  readonly run: string;
  readonly identity: string;
  readonly rule: string;
  readonly plan: string;
  readonly by: string;
  readonly decision: 'deny' | 'confirm' | 'cancel' | 'expire' | 'review';
  readonly reason: string;
  readonly digest?: string;
  readonly nonce?: string;
  readonly assertion?: RecordAssertion;
}

/** Records and salts of these leaves were deleted; the leaves stay. */
export interface ErasureRecord extends RecordCommon<'erasure'> {
  readonly indexes: readonly number[];
  readonly [field: string]: unknown;
}

/** Types whose further members are not fixed yet. */
export interface OpenRecord extends RecordCommon<'delivery' | 'recovery' | 'prune'> {
  readonly [field: string]: unknown;
}

/** What a leaf commits to and keeps private. */
export type LedgerRecord =
  | IssueRecord
  | AbortRecord
  | RevokeRecord
  | FreezeRecord
  | UnfreezeRecord
  | ArtefactsRecord
  | KeyRecord
  | IdentityRecord
  | PersonRecord
  | ApprovalRecord
  | DecisionRecord
  | ErasureRecord
  | OpenRecord;
