import { approvalRule } from './audit/approval-rule.ts';
import { artefactsRule } from './audit/artefacts-rule.ts';
import { countedRule } from './audit/counted-rule.ts';
import { duplicateRule } from './audit/duplicate-rule.ts';
import { endedRunRule } from './audit/ended-run-rule.ts';
import { type Finding, FindingList } from './audit/finding.ts';
import { freezeRule } from './audit/freeze-rule.ts';
import { groundsRule } from './audit/grounds-rule.ts';
import { keyRule } from './audit/key-rule.ts';
import { KnownAuthenticators } from './audit/known-authenticators.ts';
import { KnownHeads } from './audit/known-heads.ts';
import type { LeafRule } from './audit/leaf-rule.ts';
import { personRule } from './audit/person-rule.ts';
import { RebuiltLog } from './audit/rebuilt-log.ts';
import { RecordKeeper, type StoredRecord } from './audit/record-keeper.ts';
import { referenceRule } from './audit/reference-rule.ts';
import { StoredTiles } from './audit/stored-tiles.ts';
import { timeRule } from './audit/time-rule.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Hash } from './hash.ts';
import { decodeLeaf, type Leaf } from './leaf.ts';
import { LedgerError } from './ledger-error.ts';
import type { ReadTile } from './tile.ts';
import type { VerifyAssertion } from './verify-assertion.ts';

/** One entry as the store holds it. */
export interface AuditEntry extends StoredRecord {
  readonly index: number;
  /** 90 bytes. */
  readonly leaf: Uint8Array;
}

/** What an audit is held against. */
export interface AuditSubject {
  /** The head to be accounted for; its signatures were verified by the caller (`openCheckpoint`). */
  readonly checkpoint: Checkpoint;
  /** The origin this log must have. */
  readonly origin: string;
  /** By which the passkey signatures under approvals are checked. */
  readonly verifyAssertion: VerifyAssertion;
  /** The stored tiles; without them they are not checked. */
  readonly readTile?: ReadTile;
  /** Heads of this log verified earlier, by anybody: high-water marks, witnesses, receipts. */
  readonly known?: readonly Checkpoint[];
  /** `all` (the default): a record that is missing and not erased is a finding. `given`: check those given. */
  readonly records?: 'all' | 'given';
}

/** Everything `audit` needs. */
export interface AuditInput extends AuditSubject {
  /** From leaf 0 on, by ascending index. Read once. */
  readonly entries: Iterable<AuditEntry>;
}

/** An audit under way, for entries that arrive in pieces. */
export interface AuditRun {
  add(entry: AuditEntry): void;
  /** Call once, after the last entry. */
  finish(): readonly Finding[];
}

/**
 * Audits a whole log: its entries against the signed checkpoint, the stored tiles and every head known from
 * before, and its leaves and records against the rules of order. Streams; it keeps some 60 bytes a leaf,
 * as much again of an identity, and what each approval was given for.
 *
 * Pure and without mercy: an empty answer means that nothing was found, anything else is to be explained.
 */
export function audit(hash: Hash, input: AuditInput): readonly Finding[] {
  const run = startAudit(hash, input);
  for (const entry of input.entries) run.add(entry);
  return run.finish();
}

/** Begins an audit whose entries are handed in one by one. */
export function startAudit(hash: Hash, subject: AuditSubject): AuditRun {
  const findings = new FindingList();
  const { report } = findings;
  const { checkpoint, readTile } = subject;
  const tiles = readTile === undefined ? null : new StoredTiles(hash, readTile, checkpoint, report);
  const heads = new KnownHeads(subject, report);
  const log = new RebuiltLog(hash, checkpoint, tiles, heads, report);
  const records = new RecordKeeper(hash, subject.records !== 'given', report);
  const authenticators = new KnownAuthenticators();
  const rules: readonly LeafRule[] = [
    timeRule(report),
    artefactsRule(report),
    keyRule(report),
    freezeRule(report),
    referenceRule(hash, report),
    duplicateRule(report),
    groundsRule(authenticators, report),
    personRule(authenticators, report),
    approvalRule(hash, subject.verifyAssertion, authenticators, report),
    countedRule(hash, report),
    endedRunRule(report),
  ];

  function readLeaf(index: number, bytes: Uint8Array): Leaf | null {
    try {
      return decodeLeaf(bytes);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      report({ index, rule: 'leaf-malformed', message: error.message, severity: 'critical' });
      return null;
    }
  }

  return {
    add(entry) {
      // Entries outside the signed tree are a finding of their own; what they say counts for nothing.
      if (!log.add(entry.index, entry.leaf)) return;
      const leaf = readLeaf(entry.index, entry.leaf);
      if (leaf === null) return;
      const record = records.take(entry.index, leaf, entry);
      for (const rule of rules) rule({ index: entry.index, leaf, record });
    },
    finish() {
      log.finish();
      records.finish();
      return findings.all();
    },
  };
}
