import { type Facts, type Obligation, type Row, runCell, type StoredRow, type Write } from '@writ/core';
import type { ArtefactSet } from '@writ/flow';
import type { Ports } from '../ports.ts';
import type { OpenRun } from './stored-run.ts';
import { obligationRow } from './waiting-runs.ts';

/** More than a flow can demand. */
const MOST = 1_000;

export async function obligationsOf(
  { store }: Pick<Ports, 'store'>,
  run: string,
): Promise<readonly StoredRow<'obligations'>[]> {
  return store.read.rows('obligations', { column: 'run', equals: run, limit: MOST });
}

/** Takes everything that a run still demands out of people's inboxes. */
export async function closing(
  ports: Pick<Ports, 'store'>,
  run: string,
  state: 'met' | 'void',
): Promise<readonly Write[]> {
  const rows = await obligationsOf(ports, run);
  return rows.filter((row) => row.state === 'open').map((row) => closed(row, state));
}

/** Nobody is asked any more. */
function closed({ entry: _entry, ...row }: StoredRow<'obligations'>, state: string): Write {
  return { kind: 'row', table: 'obligations', row: { ...row, assignee: '', state } };
}

function same(a: Row<'obligations'>, b: Row<'obligations'>): boolean {
  return a.id === b.id && a.state === b.state && a.assignee === b.assignee && a.body === b.body;
}

/**
 * Makes the rows those of `demanded`: what is met disappears from inboxes, what a newer flow adds appears in them, and each
 * says what is missing now.
 */
export async function syncObligations(
  ports: Ports,
  set: ArtefactSet,
  facts: Facts,
  run: OpenRun,
  demanded: readonly Obligation[],
): Promise<void> {
  const rows = await obligationsOf(ports, run.id);
  const wanted = demanded.map((each) => obligationRow(set, facts, run, each));
  const met = rows
    .filter(({ id, state }) => state === 'open' && !wanted.some((row) => row.id === id))
    .map((row) => closed(row, 'met'));
  const more = wanted.filter((row) => !rows.some((each) => same(each, row)));
  if (met.length + more.length === 0) return;
  await ports.store.commit({
    expect: [{ kind: 'cell', cell: runCell(run.id), is: 'waiting' }],
    consume: [],
    append: null,
    write: [...met, ...more.map((row): Write => ({ kind: 'row', table: 'obligations', row }))],
  });
}
