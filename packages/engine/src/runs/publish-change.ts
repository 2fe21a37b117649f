import {
  ARTEFACTS_CELL,
  ARTEFACTS_MODE_CELL,
  type CommitResult,
  type Facts,
  type Issue,
  runCell,
  WritError,
  type Write,
} from '@writ/core';
import { newEntry } from '../entry.ts';
import type { InForce } from '../in-force.ts';
import type { Ports } from '../ports.ts';
import { notices } from './notices.ts';
import { closing } from './obligations.ts';
import { noTimer } from './run-timer.ts';
import { endedRow, type OpenRun } from './stored-run.ts';

export interface Publication {
  readonly facts: Facts;
  readonly verdict: Issue;
  readonly run: OpenRun;
  readonly approvals: readonly number[];
}

/** The act of a flow for changes: from this leaf on everybody decides by the new set. */
export async function publishChange(ports: Ports, inForce: InForce, of: Publication): Promise<CommitResult> {
  const { verdict, run, facts, approvals } = of;
  const { bounds, artefacts: base, decidedBy } = verdict;
  const { base: planned, set: hash } = bounds.fields;
  if (planned !== base || typeof hash !== 'string')
    throw new WritError('conflict', 'what is in force has changed since this was planned');
  // What is switched to is compiled, and held to its hash, before anything is committed.
  await inForce.byHash(hash);
  const row = await ports.store.read.row('artefact_sets', hash);
  if (row === null) throw new WritError('unavailable', `the artefact set ${hash} is not in the store`);
  const { mode, cell } = await inForce.mode().then((found) => ({ mode: 'published', cell: found.cell }));
  const { flow, identity } = bounds;
  const record = {
    artefacts: hash,
    requested_at_ms: facts.openedAt,
    hash,
    previous: base,
    mode,
    by: run.body.requester ?? 'nobody',
    identity: identity.name,
    run: run.id,
    plan: run.plan,
    flow: { name: flow.name, version: flow.version, hash: flow.hash },
    decided_by: decidedBy,
    ...(approvals.length === 0 ? {} : { approvals }),
  };
  const now = ports.now();
  const write: readonly Write[] = [
    { kind: 'cell', cell: ARTEFACTS_CELL, value: hash },
    { kind: 'cell', cell: ARTEFACTS_MODE_CELL, value: mode },
    { kind: 'row', table: 'artefact_sets', row: { hash, mode, body: row.body } },
    { kind: 'cell', cell: runCell(run.id), value: 'issued' },
    { kind: 'row', table: 'runs', row: endedRow(run, 'issued') },
    ...(await closing(ports, run.id, 'met')),
    ...noTimer(run),
    ...notices(ports, {
      type: 'run.issued',
      timestampMs: now,
      data: { run: run.id, flow: flow.name, identity: identity.name },
    }),
  ];
  const result = await ports.store.commit({
    expect: [
      ...verdict.expect,
      { kind: 'cell', cell: ARTEFACTS_MODE_CELL, is: cell },
      { kind: 'cell', cell: runCell(run.id), is: 'waiting' },
    ],
    consume: verdict.consume,
    append: newEntry(ports, 'artefacts', record, { unattended: bounds.unattended }),
    write,
  });
  inForce.refresh();
  if (result.outcome === 'committed')
    ports.events.artefacts({ hash, mode, index: result.inclusion?.index ?? -1 });
  return result;
}
