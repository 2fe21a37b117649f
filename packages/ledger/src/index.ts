export type { AuditRule, Finding, Severity } from './audit/finding.ts';
export {
  type AuditEntry,
  type AuditInput,
  type AuditRun,
  type AuditSubject,
  audit,
  startAudit,
} from './audit.ts';
export { decodeBase64, encodeBase64 } from './base64.ts';
export { canonicalJson } from './canonical-json.ts';
export {
  type Checkpoint,
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
} from './checkpoint.ts';
export type { ReadNode } from './climb.ts';
export { type ConsistencyClaim, proveConsistency, verifyConsistency } from './consistency.ts';
export { cosignatureTime, cosignatureVerifier, cosigner } from './cosignature.ts';
export { ed25519Signer, ed25519Verifier, type SignEd25519, type VerifyEd25519 } from './ed25519.ts';
export { entryBundle, parseEntryBundle } from './entry-bundle.ts';
export { HASH_SIZE, type Hash } from './hash.ts';
export { emptyRoot, hashChildren, hashLeaf } from './hash-leaf.ts';
export { decodeHex, encodeHex } from './hex.ts';
export { type InclusionClaim, proveInclusion, verifyInclusion } from './inclusion.ts';
export { type InclusionChecker, inclusionChecker } from './inclusion-checker.ts';
export { decodeLeaf, encodeLeaf, IDENTITY_TAG_SIZE, LEAF_SIZE, type Leaf } from './leaf.ts';
export {
  CREDENTIAL_CLASSES,
  type CredentialClass,
  type FieldUse,
  LEAF_TYPE_NAMES,
  LEAF_TYPES,
  type LeafType,
  type LeafTypeFacts,
  leafTypeOf,
} from './leaf-type.ts';
export { LedgerError, type LedgerErrorCode } from './ledger-error.ts';
export { formatLogProof, type LogProof, parseLogProof } from './log-proof.ts';
export {
  addSignature,
  formatNote,
  isBy,
  type Note,
  type NoteSignature,
  type NoteSigner,
  type NoteVerifier,
  parseNote,
  signNote,
  type VerifiedNote,
  verifyNote,
} from './note.ts';
export { parseRecord, readRecord } from './parse-record.ts';
export {
  type Policy,
  type PolicyLog,
  type PolicyWitness,
  parsePolicy,
  type Quorum,
} from './policy.ts';
export { formatReceipt, parseReceipt, type Receipt } from './receipt.ts';
export type {
  AbortRecord,
  ApprovalRecord,
  ArtefactsRecord,
  DecisionRecord,
  ErasureRecord,
  FreezeRecord,
  IdentityRecord,
  IssueRecord,
  KeyRecord,
  LedgerRecord,
  OpenRecord,
  PersonRecord,
  RecordAssertion,
  RecordAuthenticator,
  RecordCommon,
  RecordEnvelope,
  RecordEvidence,
  RecordFlow,
  RevokeRecord,
  UnfreezeRecord,
} from './record.ts';
export { recordCommitment, SALT_SIZE } from './record-commitment.ts';
export { type PolicyVerdict, satisfyPolicy, type Witnessed } from './satisfy-policy.ts';
export { type TbsKind, tbsDigest } from './tbs-digest.ts';
export { type ReadTile, readNodeFromTiles, type TileWrite, tileWritesOf } from './tile.ts';
export { parseTilePath, TILE_WIDTH, type TileAddress, tilePath } from './tile-path.ts';
export { type Appended, append, emptyTree, type NewNode, rootOf, type Tree, treeAt } from './tree.ts';
export { decodeUtf8, encodeUtf8 } from './utf8.ts';
export {
  formatVerifierKey,
  parseVerifierKey,
  type SignatureType,
  type VerifierKey,
  verifierKey,
} from './verifier-key.ts';
export type { ExpectedAssertion, VerifyAssertion } from './verify-assertion.ts';
export { type ReceiptCheck, type VerifiedReceipt, verifyReceipt } from './verify-receipt.ts';
export { verifyRecord } from './verify-record.ts';
