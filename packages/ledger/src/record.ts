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
  readonly flow: { readonly name: string; readonly version: string | number; readonly hash: string };
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
}

export interface KeyRecord extends RecordCommon<'key'> {
  readonly kid: string;
  readonly event: 'prepared' | 'activated' | 'retired';
  readonly use: string;
  /** RFC 7517; never a private or symmetric member. */
  readonly public_jwk: Readonly<Record<string, unknown>>;
  readonly by: string;
}

export interface IdentityRecord extends RecordCommon<'identity'> {
  readonly identity: string;
  readonly revision: number;
  readonly change: unknown;
  readonly by: string;
}

/** Records and salts of these leaves were deleted; the leaves stay. */
export interface ErasureRecord extends RecordCommon<'erasure'> {
  readonly indexes: readonly number[];
  readonly [field: string]: unknown;
}

/** Types whose further members are not fixed yet. */
export interface OpenRecord
  extends RecordCommon<'approval' | 'delivery' | 'person' | 'decision' | 'recovery' | 'prune'> {
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
  | ErasureRecord
  | OpenRecord;
