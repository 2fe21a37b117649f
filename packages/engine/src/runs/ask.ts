import {
  type Facts,
  type FieldValue,
  type Identity,
  type IssuanceRequest,
  isWellFormed,
  type KindAttributes,
  type Reason,
  type Session,
  toHex,
  toSet,
  utf8,
  type Verdict,
  WritError,
  type Write,
} from '@writ/core';
import { type ArtefactSet, assessControls, decide } from '@writ/flow';
import { gatherFacts } from '../gather-facts.ts';
import { decidingFlows } from '../request.ts';
import { readIdentity } from '../stored.ts';
import { CONTROL_PLANE } from './change.ts';
import { changesOf } from './changes.ts';
import { progress, type RunParts } from './progress.ts';
import { missing, proposalOf } from './proposal.ts';
import { type AskedIdentity, type Preview, type RunAnswer, type RunView } from './runs.ts';
import { seesIdentity, type Viewer, viewerOf } from './visible.ts';

/** How a run is shown to whoever asked for it. */
export type Show = (session: Session, run: string) => Promise<RunView | null>;

/** Asks for an identity, or a change to one. A repeat with the same key finds the run of the first time, never a second one. */
export async function ask(
  parts: RunParts,
  show: Show,
  session: Session,
  asked: AskedIdentity,
): Promise<RunAnswer> {
  const { ports } = parts;
  const key = asked.idempotencyKey === null ? null : keyOf(parts, session, asked, asked.idempotencyKey);
  const first = key === null ? null : await begun(parts, key);
  if (first !== null) return answered(show, session, first, true);
  const weighed = await weigh(parts, session, asked);
  if ('reasons' in weighed) return declined(parts, session, asked, weighed.reasons);
  const { set, facts, verdict } = weighed;
  if (verdict.outcome === 'refused') return declined(parts, session, asked, verdict.reasons);
  const waiting =
    verdict.outcome === 'waiting' ? verdict : { ...verdict, outcome: 'waiting' as const, obligations: [] };
  const opened = await parts.runs.open({
    set,
    facts,
    verdict: waiting,
    requester: session.person,
    expect: key === null ? [] : [{ kind: 'cell', cell: key.cell, is: null }],
    write: (run) => [...keyWrites(key, run, ports.now()), requestWrite(session, asked, run, ports.now())],
  });
  if ('reason' in opened) return declined(parts, session, asked, [opened.reason]);
  if (key !== null) await remember(parts, key, opened.id);
  if (verdict.outcome === 'issue') await progress(parts, opened.id);
  return answered(show, session, opened.id, false);
}

/** What would be decided if it were asked now. */
export async function preview(parts: RunParts, session: Session, asked: AskedIdentity): Promise<Preview> {
  const weighed = await weigh(parts, session, asked);
  if ('reasons' in weighed)
    return { outcome: 'refused', reasons: weighed.reasons, obligations: [], changes: [], controls: [] };
  const { set, facts, verdict } = weighed;
  const changes = facts.identity === null ? [] : changesOf(facts.before, facts.identity);
  const controls = assessControls(set, facts, facts.openedAt);
  return {
    outcome: verdict.outcome,
    reasons: verdict.outcome === 'refused' ? verdict.reasons : [],
    obligations: verdict.outcome === 'waiting' ? verdict.obligations : [],
    changes,
    controls,
  };
}

interface Weighed {
  readonly set: ArtefactSet;
  readonly facts: Facts;
  readonly verdict: Verdict;
}

type Declined = { readonly reasons: readonly Reason[] };

async function weigh(parts: RunParts, session: Session, asked: AskedIdentity): Promise<Weighed | Declined> {
  const { ports, inForce } = parts;
  if (!textsOf(asked).every(isWellFormed))
    throw new WritError('malformed', 'a text of the request is not well-formed Unicode');
  const lacking = missing(asked);
  if (lacking.length > 0) return { reasons: lacking };
  const set = await inForce.current();
  const viewer = await viewerOf(ports, set, session);
  const flow = set.flows.get(asked.flow);
  if (viewer === null || flow === undefined || flow.definition.issues !== 'identity')
    return refused('request.flow', 'there is no such flow to ask an identity through', { value: asked.flow });
  const wrong = clientProblems(set, asked);
  if (wrong.length > 0) return { reasons: wrong };
  const row = await ports.store.read.row('identities', asked.identity.name);
  const before = row === null ? null : readIdentity(row);
  const stale = staleness(viewer, asked, before);
  if (stale !== null) return stale;
  const now = ports.now();
  const request: IssuanceRequest = {
    flow: asked.flow,
    right: '',
    identity: asked.identity.name,
    audience: asked.audience,
    scopes: toSet(asked.scopes),
    ttl: Math.floor((asked.identity.expires - now) / 1000),
    fields: asked.fields,
  };
  const about = {
    request,
    holder: null,
    evidence: [session.evidence],
    identity: proposalOf(asked, request, before, ports.trustDomain),
    before,
    right: null,
    approvals: [],
    confirmations: [],
    persons: [session.person],
    openedAt: now,
    pinned: null,
  };
  const flows = await decidingFlows(parts, set, asked.flow, null);
  const facts = await gatherFacts(ports, set, flows, about, now);
  return { set, facts, verdict: decide(set, facts, now) };
}

/** Members that only a private or symmetric key has (RFC 7518 §6). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** What stands against this identity as an OAuth client: the name of another kind of client (C13), or a key that is no public key. */
function clientProblems(set: ArtefactSet, { identity }: AskedIdentity): readonly Reason[] {
  const taken =
    identity.name === CONTROL_PLANE ||
    [...set.audiences.values()].some(({ introspection }) => introspection?.client === identity.name);
  const message = 'this name cannot be asked for';
  const name: readonly Reason[] = taken
    ? [{ stage: 'request', rule: 'identity.name', message, help: 'choose another' }]
    : [];
  const keys = identity.keys.flatMap((key): Reason[] => {
    const secret = PRIVATE_MEMBERS.find((member) => Object.hasOwn(key, member));
    const help = 'put the public key here, with `kty` and `kid`';
    if (secret !== undefined)
      return [
        {
          stage: 'request',
          rule: 'identity.keys',
          message: `a public key has no member \`${secret}\``,
          help,
        },
      ];
    return key['kty'] === undefined || key['kid'] === undefined
      ? [{ stage: 'request', rule: 'identity.keys', message: 'a key lacks `kty` or `kid`', help }]
      : [];
  });
  return [...name, ...keys];
}

function attributesOf(attributes: KindAttributes): readonly (FieldValue | undefined)[] {
  const { serial, trust_anchor, partner, contact, egress, task, data_sets, commands } = attributes;
  return [serial, trust_anchor, partner, contact, egress, task, data_sets, commands];
}

function textsIn(value: FieldValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' ? value : [];
}

/** A name that somebody else's identity has is not told apart from one that cannot be had (F8). */
function staleness(
  viewer: Viewer,
  { identity, replaces }: AskedIdentity,
  before: Identity | null,
): Declined | null {
  const mine = before !== null && seesIdentity(viewer, before);
  if (before !== null && !mine)
    return refused('identity.name', 'this name cannot be asked for', {
      value: identity.name,
      help: 'choose another',
    });
  const revision = before?.revision ?? null;
  if (replaces === revision) return null;
  const help =
    revision === null
      ? 'leave `replaces` out'
      : `look at revision ${revision} first, and say that it is what you change`;
  throw new WritError(
    'conflict',
    `the identity \`${identity.name}\` ${revision === null ? 'is not registered' : `is at revision ${revision}`}; ${help}`,
  );
}

function refused(rule: string, message: string, more: Partial<Reason>): Declined {
  return { reasons: [{ stage: 'request', rule, message, ...more }] };
}

function textsOf({ identity, flow, audience, scopes, fields }: AskedIdentity): readonly string[] {
  const { name, owner, deputy, purpose, environment, attributes } = identity;
  const held: readonly (FieldValue | undefined)[] = [...attributesOf(attributes), ...Object.values(fields)];
  return [name, owner, deputy, purpose, environment, flow, audience, ...scopes, ...held.flatMap(textsIn)];
}

interface Key {
  readonly id: string;
  readonly cell: string;
  /** of what was asked under it */
  readonly digest: string;
}

function keyOf({ ports }: RunParts, { person }: Session, asked: AskedIdentity, key: string): Key {
  const hash = (text: string): string => toHex(ports.sha256(utf8(text)));
  const id = hash(JSON.stringify([person, key]));
  const { idempotencyKey: _key, ...rest } = asked;
  return { id, cell: `idempotency:${id}`, digest: hash(JSON.stringify(rest)) };
}

/** The run that was begun under this key. @throws WritError `invalid` where something else was asked under it */
async function begun({ ports }: RunParts, { id, digest }: Key): Promise<string | null> {
  const row = await ports.store.read.row('idempotency_keys', id);
  if (row === null) return null;
  if (row.digest === digest) return row.run;
  throw new WritError('invalid', 'something else was asked under this idempotency key; choose a new one');
}

/** The same request may have begun its run without this key: from now on the key finds that run. */
async function remember({ ports }: RunParts, key: Key, run: string): Promise<void> {
  if ((await ports.store.read.row('idempotency_keys', key.id)) !== null) return;
  const expect = [{ kind: 'cell', cell: key.cell, is: null }] as const;
  await ports.store.commit({ expect, consume: [], append: null, write: keyWrites(key, run, ports.now()) });
}

function keyWrites(key: Key | null, run: string, at: number): readonly Write[] {
  if (key === null) return [];
  const { id, cell, digest } = key;
  return [
    { kind: 'cell', cell, value: run },
    { kind: 'row', table: 'idempotency_keys', row: { id, digest, run, at } },
  ];
}

function requestWrite(
  { person }: Session,
  { flow, identity }: AskedIdentity,
  run: string,
  at: number,
): Write {
  return { kind: 'row', table: 'requests', row: { run, person, flow, identity: identity.name, at } };
}

async function answered(show: Show, session: Session, id: string, repeated: boolean): Promise<RunAnswer> {
  const run = await show(session, id);
  if (run === null) throw new WritError('unknown', `there is no run \`${id}\``);
  if (run.state === 'refused' || run.state === 'denied')
    return { outcome: 'refused', reference: id, reasons: run.reasons };
  return { outcome: run.state === 'issued' ? 'issued' : 'waiting', run, repeated };
}

function declined(
  { refusals }: RunParts,
  session: Session,
  { identity }: AskedIdentity,
  reasons: readonly Reason[],
): RunAnswer {
  const about = { identity: identity.name, run: null, reasons, disclosed: true };
  const reference = refusals.record(about, `${session.person} ${session.id}`);
  return { outcome: 'refused', reference, reasons: reasons.map(({ expected: _owners, ...told }) => told) };
}
