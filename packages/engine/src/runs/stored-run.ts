import {
  canonicalJson,
  type Holder,
  type Identity,
  type IssuanceRequest,
  type Json,
  type PinnedTo,
  type Row,
  type StoredRow,
  WritError,
} from '@writ/core';
import type { Ports } from '../ports.ts';
import { parse } from '../stored.ts';
import type { StoredEvidence } from './stored-value.ts';

/** What the row of a run that waits, or waited, keeps beside its columns. */
export interface RunBody {
  readonly flowHash: string;
  /** milliseconds since the epoch */
  readonly notIssuedAfter: number;
  /** `user:…`, or null where a machine asked */
  readonly requester: string | null;
  readonly request: IssuanceRequest;
  readonly holder: Holder | null;
  /** as it was presented when the run was opened; no token is in it */
  readonly evidence: readonly StoredEvidence[];
  /** whether it is an act: it goes on by itself */
  readonly act: boolean;
  /** the revision of an identity that is asked for */
  readonly proposal: Identity | null;
  /** what the plan digest is of */
  readonly plan: Json;
  /** what fact sources said when the run was opened, for people to read */
  readonly facts: Readonly<Record<string, Json>>;
}

/** A run that waits, as its row has it. Times in milliseconds since the epoch. */
export interface OpenRun {
  readonly id: string;
  readonly openedAt: number;
  readonly dueAt: number;
  readonly pinned: PinnedTo & { readonly plan: string };
  readonly plan: string;
  readonly body: RunBody;
  readonly row: Row<'runs'>;
}

type Mac = Pick<Ports, 'rowMac'>;

/** Everything a decision about the run takes from its row. The state is the cell's to say. */
function authenticated({ state: _state, body, ...columns }: Row<'runs'>): string {
  return canonicalJson({ ...columns, body });
}

/** The row of a run, sealed against whoever can write the database and not the ledger. */
export function runRowOf(ports: Mac, columns: Omit<Row<'runs'>, 'body'>, body: RunBody): Row<'runs'> {
  const plain = JSON.stringify(body);
  const mac = ports.rowMac(authenticated({ ...columns, body: plain }));
  return { ...columns, body: JSON.stringify({ mac, body: plain }) };
}

/** @throws WritError `verification-failed` for a row that this installation did not write as it is */
export function openRun(ports: Mac, { entry: _entry, ...row }: StoredRow<'runs'>): OpenRun {
  const { mac, body: plain } = parse<{ mac?: string; body?: string }>(row.body, 'run');
  if (plain === undefined || mac !== ports.rowMac(authenticated({ ...row, body: plain })))
    throw new WritError(
      'verification-failed',
      `the run \`${row.id}\` is not as it was opened; run \`writ audit\``,
    );
  const body = parse<RunBody>(plain, 'run');
  return {
    id: row.id,
    openedAt: row.opened_at,
    dueAt: row.due_at,
    pinned: { set: row.pinned, flow: body.flowHash, notIssuedAfter: body.notIssuedAfter, plan: row.plan },
    plan: row.plan,
    body,
    row,
  };
}

/** The row of a run that has ended. It keeps what it was about, with the due time it had: that is sealed too. */
export function endedRow({ row }: OpenRun, state: string): Row<'runs'> {
  return { ...row, state };
}
