import {
  ARTEFACTS_MODE_CELL,
  type Commit,
  type CommitResult,
  canonicalJson,
  type Expect,
  type Facts,
  type Identity,
  type Issue,
  identityCell,
  type Row,
  runCell,
  toHex,
  utf8,
  WritError,
  type Write,
} from '@writ/core';
import type { ArtefactSet } from '@writ/flow';
import { newEntry } from '../entry.ts';
import type { InForce } from '../in-force.ts';
import type { Ports } from '../ports.ts';
import { identityJson, identityRow } from '../stored.ts';
import { noticeTimer } from './identity-timer.ts';
import { notices } from './notices.ts';
import { closing } from './obligations.ts';
import { noTimer } from './run-timer.ts';
import { endedRow, type OpenRun } from './stored-run.ts';

/** What a run that registers an identity ends with. */
export interface Registration {
  readonly set: ArtefactSet;
  readonly facts: Facts;
  readonly verdict: Issue;
  readonly run: OpenRun;
  readonly approvals: readonly number[];
}

/** The act of an identity flow: one commit and one leaf. The identity is handed to its lifecycle in the same commit (S2.2). */
export async function registerIdentity(
  ports: Ports,
  inForce: InForce,
  of: Registration,
): Promise<CommitResult> {
  const { verdict, run } = of;
  const { bounds } = verdict;
  if (bounds.proposal === null)
    throw new WritError('unsupported', `acts of \`${bounds.generate.kind}\` are not supported yet`);
  const mode = await inForce.mode();
  const keys = await clientKeys(ports, bounds.proposal);
  const commit: Commit = {
    expect: [
      ...verdict.expect,
      { kind: 'cell', cell: ARTEFACTS_MODE_CELL, is: mode.cell },
      { kind: 'cell', cell: runCell(run.id), is: 'waiting' },
      ...keys.map(({ expect }) => expect),
    ],
    consume: verdict.consume,
    append: newEntry(ports, 'identity', recordOf(of, bounds.proposal), {
      identityTag: ports.identityTag(bounds.identity.name),
      unattended: bounds.unattended,
    }),
    write: [
      { kind: 'cell', cell: identityCell(bounds.identity.name), value: String(bounds.identity.revision) },
      { kind: 'row', table: 'identities', row: identityRow(bounds.proposal) },
      { kind: 'cell', cell: runCell(run.id), value: 'issued' },
      { kind: 'row', table: 'runs', row: endedRow(run, 'issued') },
      ...keys.map(({ write }) => write),
      ...(await closing(ports, run.id, 'met')),
      ...noTimer(run),
      ...lifecycle(ports, of, bounds.proposal),
    ],
  };
  return ports.store.commit(commit);
}

/** A key belongs to one client alone, for ever: whoever could sign as two would be neither (P8). */
async function clientKeys(
  { store, sha256 }: Ports,
  { name, keys }: Identity,
): Promise<readonly { expect: Expect; write: Write }[]> {
  const cells = keys.map((key) => `client-key:${toHex(sha256(utf8(canonicalJson(bareKey(key)))))}`);
  const held = await store.read.cells(cells);
  return cells.map((cell) => {
    const is = held[cell] ?? null;
    if (is !== null && is !== name)
      throw new WritError('refused', 'one of the keys is registered for another identity');
    return { expect: { kind: 'cell', cell, is }, write: { kind: 'cell', cell, value: name } };
  });
}

/** The members that make a public key the key it is (RFC 7638 §3.2). */
function bareKey(key: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ['kty', 'crv', 'x', 'y', 'n', 'e'].flatMap((member) =>
      key[member] === undefined ? [] : [[member, key[member]]],
    ),
  );
}

function recordOf(
  { verdict, run, approvals, facts }: Registration,
  after: Identity,
): Parameters<typeof newEntry>[2] {
  const { bounds, artefacts, decidedBy } = verdict;
  return {
    artefacts,
    requested_at_ms: facts.openedAt,
    identity: after.name,
    revision: after.revision,
    change: identityJson(after),
    by: run.body.requester ?? 'nobody',
    run: run.id,
    plan: run.plan,
    flow: { name: bounds.flow.name, version: bounds.flow.version, hash: bounds.flow.hash },
    decided_by: decidedBy,
    owner: after.owner,
    purpose: after.purpose,
    evidence: bounds.proven.map(({ proof, anchor, digest, assurance }) => ({
      proof,
      anchor,
      digest,
      assurance,
    })),
    ...(approvals.length === 0 ? {} : { approvals }),
  };
}

/** The review in the owner's inbox, the notices before its end, and what whoever subscribed is told. */
function lifecycle(ports: Ports, { set, run, verdict }: Registration, after: Identity): readonly Write[] {
  const now = ports.now();
  const every = set.flows.get(verdict.bounds.flow.name)?.definition.lifecycle.reviewEvery ?? null;
  const review: Row<'obligations'> = {
    id: `${after.name}/review`,
    run: run.id,
    rule: 'review',
    kind: 'review',
    assignee: after.owner,
    state: 'open',
    opened_at: now,
    due_at: every === null ? after.expires : Math.min(after.expires, now + every * 1000),
    body: JSON.stringify({ identity: after.name, revision: after.revision }),
  };
  return [
    { kind: 'row', table: 'obligations', row: review },
    ...noticeTimer(after, now, run.id),
    ...notices(
      ports,
      {
        type: 'identity.changed',
        timestampMs: now,
        data: { identity: after.name, revision: after.revision, run: run.id },
      },
      {
        type: 'run.issued',
        timestampMs: now,
        data: { run: run.id, flow: run.row.flow, identity: after.name },
      },
    ),
  ];
}
