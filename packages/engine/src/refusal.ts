import { type Reason, type Row, toHex, utf8 } from '@writ/core';
import type { Ports } from './ports.ts';
import { readDecisionBody } from './stored.ts';

/** A refusal as it is kept for `writ explain REF`: everything, for owner and operators. */
export interface Refusal {
  readonly reference: string;
  readonly at: number;
  readonly identity: string;
  readonly run: string | null;
  readonly reasons: readonly Reason[];
  /** whether the caller was told */
  readonly disclosed: boolean;
}

export interface Refusals {
  /**
   * Keeps a refusal and answers its reference. Nothing waits for it: a refusal is not an issuance. `evidence` names what a
   * known caller presented, null for whoever proved nothing. The same evidence refused for the same reasons is one
   * refusal, however often it comes, so that nobody can fill the store with it.
   */
  record(refusal: Omit<Refusal, 'reference' | 'at'>, evidence: string | null): string;
  find(reference: string): Promise<Refusal | null>;
}

/** Refusals of callers who proved nothing are kept in memory alone. */
const REMEMBERED = 1_000;

export function createRefusals({ store, ids, now, events, sha256 }: Ports): Refusals {
  const remembered = new Map<string, Refusal>();
  return {
    record: (refusal, evidence) => {
      const about = JSON.stringify([
        refusal.identity,
        refusal.run,
        evidence,
        refusal.reasons.map(({ rule }) => rule),
      ]);
      const same = evidence === null ? null : `ref_${toHex(sha256(utf8(about))).slice(0, 20)}`;
      const complete: Refusal = { ...refusal, reference: same ?? ids.reference(), at: now() };
      const [first] = complete.reasons;
      events.refused({
        reference: complete.reference,
        identity: complete.identity,
        stage: first?.stage ?? '',
        rule: first?.rule ?? '',
      });
      remembered.set(complete.reference, complete);
      const [oldest] = remembered.keys();
      if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
      if (evidence !== null) {
        store
          .commit({
            expect: [],
            consume: [],
            append: null,
            write: [{ kind: 'row', table: 'decisions', row: refusalRow(complete) }],
          })
          .catch((error: unknown) => {
            events.failed({
              what: 'recording a refusal',
              message: error instanceof Error ? error.message : 'unknown',
            });
          });
      }
      return complete.reference;
    },
    find: async (reference) => {
      const known = remembered.get(reference);
      if (known !== undefined) return known;
      const row = await store.read.row('decisions', reference);
      if (row === null) return null;
      const body = readDecisionBody(row);
      return { ...body, reference, at: row.at, identity: row.identity, run: row.run === '' ? null : row.run };
    },
  };
}

/** The row of a refusal; of a run that people waited for, its reference is the run's id. */
export function refusalRow(refusal: Refusal): Row<'decisions'> {
  const { reference, at, identity, run, reasons, disclosed } = refusal;
  return {
    ref: reference,
    at,
    identity,
    outcome: 'refused',
    run: run ?? '',
    body: JSON.stringify({ reasons, disclosed }),
  };
}
