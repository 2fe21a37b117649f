import type { Identity, Person, Session, StoredRow } from '@writ/core';
import type { InForce } from '../in-force.ts';
import type { Ports } from '../ports.ts';
import { parse, readIdentity } from '../stored.ts';
import { stateOf } from './run-state.ts';
import type { IdentityView, InboxItem, PageOf, RunSummary } from './runs.ts';
import { openRun } from './stored-run.ts';
import { isBehind, seesIdentity, type Viewer, viewerOf } from './visible.ts';
import type { AssignedBody } from './waiting-runs.ts';

interface ListParts {
  readonly ports: Ports;
  readonly inForce: InForce;
}

/** Items of an inbox at most: the earliest deadlines of each group a person is in. */
const MOST = 1_000;

/** What waits for a person, the earliest deadline first: asked of them by name, or of a group they are in. */
export async function inboxOf(
  { ports, inForce }: ListParts,
  session: Session,
): Promise<readonly InboxItem[]> {
  const viewer = await viewerOf(ports, await inForce.current(), session);
  if (viewer === null) return [];
  const items: InboxItem[] = [];
  for (const assignee of [viewer.person.id, ...viewer.person.groups]) {
    const rows = await ports.store.read.rows('obligations', {
      column: 'assignee',
      equals: assignee,
      limit: MOST,
    });
    for (const row of rows) {
      const item = await itemOf(ports, row, viewer.person);
      if (item !== null) items.push(item);
    }
  }
  return items.sort((a, b) => a.dueAt - b.dueAt);
}

async function itemOf(
  ports: Ports,
  row: StoredRow<'obligations'>,
  person: Person,
): Promise<InboxItem | null> {
  if (row.state !== 'open') return null;
  const stored = await ports.store.read.row('runs', row.run);
  if (stored === null) return null;
  const run = openRun(ports, stored);
  const kind = (['approval', 'confirmation', 'review', 'notice'] as const).find((each) => each === row.kind);
  // Whoever asked does not decide it, and what has ended waits for nobody.
  const idle = kind !== 'review' && (run.body.requester === person.id || row.due_at <= ports.now());
  if (kind === undefined || idle || (await isDone(ports, row, person))) return null;
  const reason = row.assignee === person.id ? 'it asks you' : `it asks ${row.assignee}, and you are in it`;
  return {
    run: row.run,
    rule: row.rule,
    kind,
    identity: run.row.identity,
    flow: run.row.flow,
    requester: run.body.requester,
    assignee: row.assignee,
    openedAt: row.opened_at,
    dueAt: row.due_at,
    because: reason,
  };
}

/** Whether there is nothing for this person to do about it: they may not, or have done it. */
async function isDone({ store }: Ports, row: StoredRow<'obligations'>, { id }: Person): Promise<boolean> {
  if (row.kind !== 'approval' && row.kind !== 'confirmation') return false;
  if (parse<AssignedBody>(row.body, 'obligation').excluded.includes(id)) return true;
  return (await store.read.row('approvals', `${row.run}/${row.rule}/${id}`)) !== null;
}

/** Runs that a person asked for. */
export async function runsOf(
  { ports }: ListParts,
  { person }: Session,
  page: PageOf,
): Promise<readonly RunSummary[]> {
  const { after, limit } = page;
  const where = { column: 'person', equals: person, limit } as const;
  const rows = await ports.store.read.rows('requests', after === null ? where : { ...where, after });
  const found = await Promise.all(rows.map(({ run }) => ports.store.read.row('runs', run)));
  return found
    .filter((row) => row !== null)
    .map((row) => {
      const run = openRun(ports, row);
      const state = stateOf(row.state, run.dueAt, ports.now());
      return {
        run: run.id,
        flow: row.flow,
        identity: row.identity,
        state,
        requester: run.body.requester,
        openedAt: run.openedAt,
        dueAt: state === 'waiting' ? run.dueAt : 0,
      };
    });
}

/** Identities of a page, those that this person may see. A page may so be shorter than it was asked to be. */
export async function identitiesOf(
  { ports, inForce }: ListParts,
  session: Session,
  { after, limit, owner }: PageOf & { readonly owner?: string | undefined },
): Promise<readonly IdentityView[]> {
  const viewer = await viewerOf(ports, await inForce.current(), session);
  if (viewer === null) return [];
  const { read } = ports.store;
  const cursor = after === null ? {} : { after };
  const owners = owner === undefined ? [viewer.person.id, ...viewer.person.groups] : [owner];
  if (viewer.all && owner === undefined) {
    const rows = await read.rows('identities', { limit, ...cursor });
    return Promise.all(rows.map((row) => identityView(ports, readIdentity(row), viewer)));
  }
  const pages = await Promise.all(
    owners.map((each) => read.rows('identities', { column: 'owner', equals: each, limit, ...cursor })),
  );
  const mine = pages
    .flat()
    .map(readIdentity)
    .filter((identity) => seesIdentity(viewer, identity));
  const ordered = mine.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, limit);
  return Promise.all(ordered.map((identity) => identityView(ports, identity, viewer)));
}

/** An identity, or null where it is not there or none of theirs. */
export async function identityOf(
  { ports, inForce }: ListParts,
  session: Session,
  name: string,
): Promise<IdentityView | null> {
  const viewer = await viewerOf(ports, await inForce.current(), session);
  const row = viewer === null ? null : await ports.store.read.row('identities', name);
  if (row === null || viewer === null) return null;
  const identity = readIdentity(row);
  return seesIdentity(viewer, identity) ? identityView(ports, identity, viewer) : null;
}

async function identityView({ store }: Ports, identity: Identity, { person }: Viewer): Promise<IdentityView> {
  const review = await store.read.row('obligations', `${identity.name}/review`);
  const { keys, boundSince: _bound, previouslyRevoked: _revoked, ...rest } = identity;
  return {
    ...rest,
    clientKeys: keys.map(({ kid = '' }) => kid),
    reviewDue: review?.state === 'open' ? review.due_at : 0,
    because: because(person, identity),
  };
}

function because(person: Person, { owner, deputy }: Identity): string {
  if (isBehind(person, owner))
    return owner === person.id ? 'you own it' : `${owner} owns it, and you are in it`;
  if (isBehind(person, deputy))
    return deputy === person.id ? 'you are its deputy' : `${deputy} is its deputy, and you are in it`;
  return 'your role sees every identity';
}
