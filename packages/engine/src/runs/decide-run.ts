import {
  approvalChallenge,
  authenticatorCell,
  type Commit,
  type CommitResult,
  type Consume,
  type Obligation,
  runCell,
  type Session,
  type WebhookEvent,
  WritError,
  type Write,
} from '@writ/core';
import { encodeBase64 } from '@writ/ledger';
import { newEntry } from '../entry.ts';
import { findAuthenticator } from '../people/authenticators.ts';
import type { People } from '../people/people.ts';
import type { ApprovalBody } from './approvals.ts';
import { decisionColumns } from './decision-row.ts';
import { notices } from './notices.ts';
import { closing } from './obligations.ts';
import { progress, type RunParts } from './progress.ts';
import { noTimer, runTimer } from './run-timer.ts';
import type { DecisionChallenge, GivenDecision, RunView, ToDecide } from './runs.ts';
import { signsPlan } from './signs-plan.ts';
import { endedRow } from './stored-run.ts';
import { type Seen, seenRun } from './view.ts';

export interface DecidingParts extends RunParts {
  readonly people: Pick<People, 'authenticators'>;
}

/** A challenge for this person, run, rule and decision alone. */
export async function challenge(
  parts: DecidingParts,
  session: Session,
  asked: ToDecide,
): Promise<DecisionChallenge> {
  const { ports } = parts;
  const { seen, obligation } = await open(parts, session, asked);
  const authenticators = await parts.people.authenticators(session.person);
  if (authenticators.length === 0)
    throw new WritError('refused', 'you have no passkey yet; add one, and come back');
  const nonce = ports.challenges.issue(aboutOf(session, asked), ports.now());
  const { digest } = obligation;
  const signed = approvalChallenge(ports.sha256, {
    digest,
    run: asked.run,
    rule: asked.rule,
    approver: session.person,
    decision: asked.decision,
    nonce,
  });
  return {
    nonce,
    challenge: encodeBase64(signed).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
    digest,
    rpId: new URL(ports.issuerUrl).hostname,
    allow: authenticators.map(({ id }) => id),
    view: await seen.view(),
  };
}

/** Approves or confirms. What is counted is the leaf, with the assertion in it; the run goes on at once. */
export async function decideRun(
  parts: DecidingParts,
  session: Session,
  given: GivenDecision,
): Promise<RunView> {
  const { ports } = parts;
  const { seen, obligation } = await open(parts, session, given);
  const { nonce, assertion } = given;
  const spent = ports.challenges.verify(nonce, aboutOf(session, given), ports.now());
  if (spent === null)
    throw new WritError(
      'verification-failed',
      'this challenge is not of now and for this; ask for a new one',
    );
  const known = await findAuthenticator(ports, session.person, assertion.authenticator);
  if (known === null) throw new WritError('verification-failed', 'this passkey is not one of yours');
  const { digest } = obligation;
  const { run, rule, decision } = given;
  const signed = { digest, run, rule, approver: session.person, decision, nonce };
  const { origin, rpId, publicJwk } = known.authenticator;
  try {
    ports.verifyAssertion(assertion, {
      challenge: approvalChallenge(ports.sha256, signed),
      origin,
      rpId,
      publicJwk,
    });
  } catch (cause) {
    throw new WritError('verification-failed', 'the passkey did not sign exactly this', { cause });
  }
  const commit = approvalCommit(parts, session, given, seen, obligation, {
    spent,
    authenticatorEntry: known.entry,
  });
  await commitDecision(parts, commit);
  await goOn(parts, given.run);
  return shown(parts, session, given.run);
}

/** The decision stands, whatever comes of the run now: the reconciler goes on with it in a moment. */
async function goOn(parts: DecidingParts, run: string): Promise<void> {
  try {
    await progress(parts, run);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown';
    parts.ports.events.failed({ what: `going on with ${run}`, message });
  }
}

/** Refuses a run, from anywhere. */
export async function denyRun(
  parts: DecidingParts,
  session: Session,
  denied: { readonly run: string; readonly rule: string; readonly reason: string },
): Promise<RunView> {
  const { seen } = await open(parts, session, { ...denied, decision: 'deny' });
  const { row } = seen.run;
  const event: WebhookEvent = {
    type: 'run.denied',
    timestampMs: parts.ports.now(),
    data: { run: row.id, identity: row.identity, rule: denied.rule, by: session.person },
  };
  await endByPerson(
    parts,
    session,
    seen,
    { decision: 'deny', state: 'denied', rule: denied.rule, reason: denied.reason },
    event,
  );
  return shown(parts, session, denied.run);
}

/** Whoever asked takes it back. */
export async function cancelRun(parts: DecidingParts, session: Session, id: string): Promise<RunView> {
  const seen = await seenRun(parts, session, id);
  if (seen === null || seen.run.body.requester !== session.person) throw unknownRun(id);
  if (seen.state !== 'waiting') throw new WritError('conflict', `the run is ${seen.state}`);
  const { row } = seen.run;
  const event: WebhookEvent = {
    type: 'run.cancelled',
    timestampMs: parts.ports.now(),
    data: { run: row.id, flow: row.flow, identity: row.identity, by: session.person },
  };
  await endByPerson(
    parts,
    session,
    seen,
    { decision: 'cancel', state: 'cancelled', rule: 'requester', reason: 'taken back' },
    event,
  );
  return shown(parts, session, id);
}

type Asked = Omit<ToDecide, 'decision'> & { readonly decision: 'approve' | 'confirm' | 'deny' };

/** The run and the obligation that this person is asked to meet. Who may not see the run hears that there is none. */
async function open(
  parts: DecidingParts,
  session: Session,
  asked: Asked,
): Promise<{ seen: Seen; obligation: Obligation }> {
  const seen = await seenRun(parts, session, asked.run);
  if (seen === null) throw unknownRun(asked.run);
  const { state, obligations } = seen;
  if (state !== 'waiting') throw new WritError('conflict', `the run waits no longer: it is ${state}`);
  const obligation = obligations.find(({ rule }) => rule === asked.rule);
  if (obligation === undefined)
    throw new WritError('unknown', `this run waits for nothing called \`${asked.rule}\``);
  const kind = asked.decision === 'confirm' ? 'confirmation' : 'approval';
  if (asked.decision !== 'deny' && obligation.kind !== kind)
    throw new WritError(
      'invalid',
      `\`${asked.rule}\` is ${obligation.kind === 'approval' ? 'an approval' : 'a confirmation'}`,
    );
  if (!obligation.mine) {
    const why =
      obligation.unsatisfiable ?? (obligation.missing === 0 ? 'it is met' : whyNot(session, obligation));
    throw new WritError('refused', `you may not decide \`${asked.rule}\`: ${why}`);
  }
  const { run, set } = seen;
  const flows = [run.body.flowHash, set.flows.get(run.row.flow)?.hash ?? ''];
  if (asked.decision !== 'deny' && !signsPlan(parts.ports.sha256, run, flows, obligation))
    throw new WritError(
      'verification-failed',
      'what would be signed is not what this run was opened for; run `writ audit`',
    );
  return { seen, obligation };
}

function whyNot(session: Session, { from, not }: Obligation): string {
  const excluded = not.length === 0 ? '' : `, less ${not.join(' and ')}`;
  return `it asks ${from}${excluded}, and ${session.person} is not among them`;
}

function unknownRun(id: string): WritError {
  return new WritError('unknown', `there is no run \`${id}\``);
}

function aboutOf(session: Session, { run, rule, decision }: ToDecide): string {
  return JSON.stringify([session.id, run, rule, decision]);
}

/** Milliseconds beyond the end of a run for which a person's one decision about a rule is remembered. */
const REMEMBERED = 86_400_000;

function approvalCommit(
  { ports }: DecidingParts,
  session: Session,
  { rule, decision, nonce, assertion }: GivenDecision,
  { run, set, viewer: { person } }: Seen,
  { digest, envelope }: Obligation,
  { spent, authenticatorEntry }: { readonly spent: Consume; readonly authenticatorEntry: number },
): Commit {
  const { identity } = run.row;
  const columns = decisionColumns({
    run: run.id,
    identity,
    rule,
    person: person.id,
    decision,
    digest,
    envelope,
  });
  const common = {
    artefacts: set.hash,
    run: run.id,
    identity: run.row.identity,
    rule,
    plan: run.plan,
    digest,
    nonce,
    assertion: {
      authenticator: assertion.authenticator,
      client_data_json: assertion.clientDataJson,
      authenticator_data: assertion.authenticatorData,
      signature: assertion.signature,
    },
  };
  const marks = { identityTag: ports.identityTag(run.row.identity) };
  const append =
    decision === 'approve'
      ? newEntry(
          ports,
          'approval',
          {
            ...common,
            approver: person.id,
            decision,
            envelope: envelope === null ? null : { ...envelope, fields: { ...envelope.fields } },
          },
          marks,
        )
      : newEntry(ports, 'decision', { ...common, by: person.id, decision, reason: 'confirmed' }, marks);
  const body: ApprovalBody = { authenticatorEntry };
  const now = ports.now();
  return {
    expect: [
      { kind: 'cell', cell: runCell(run.id), is: 'waiting' },
      { kind: 'cell', cell: authenticatorCell(assertion.authenticator), is: 'active' },
    ],
    consume: [{ key: `approval ${columns.id}`, holder: null, until: run.dueAt + REMEMBERED }, spent],
    append,
    write: [
      {
        kind: 'row',
        table: 'approvals',
        row: { ...columns, at: now, body: JSON.stringify(body) },
      },
      ...runTimer(run, 'progress', now),
      ...notices(ports, {
        type: 'run.approved',
        timestampMs: now,
        data: { run: run.id, identity: run.row.identity, rule, by: session.person },
      }),
    ],
  };
}

async function endByPerson(
  { ports }: DecidingParts,
  session: Session,
  { run, set }: Seen,
  ending: {
    readonly decision: 'deny' | 'cancel';
    readonly state: string;
    readonly rule: string;
    readonly reason: string;
  },
  event: WebhookEvent,
): Promise<void> {
  const { decision, state, rule, reason } = ending;
  const { identity } = run.row;
  const record = {
    artefacts: set.hash,
    run: run.id,
    identity,
    rule,
    plan: run.plan,
    by: session.person,
    decision,
    reason,
  };
  const body: ApprovalBody = { authenticatorEntry: null };
  const denial: readonly Write[] =
    decision === 'deny'
      ? [
          {
            kind: 'row',
            table: 'approvals',
            row: {
              ...decisionColumns({
                run: run.id,
                identity,
                rule,
                person: session.person,
                decision,
                digest: run.plan,
                envelope: null,
              }),
              at: ports.now(),
              body: JSON.stringify(body),
            },
          },
        ]
      : [];
  await commitDecision(
    { ports },
    {
      expect: [{ kind: 'cell', cell: runCell(run.id), is: 'waiting' }],
      consume: [],
      append: newEntry(ports, 'decision', record, { identityTag: ports.identityTag(identity) }),
      write: [
        ...denial,
        { kind: 'cell', cell: runCell(run.id), value: state },
        { kind: 'row', table: 'runs', row: endedRow(run, state) },
        ...(await closing(ports, run.id, 'void')),
        ...noTimer(run),
        ...notices(ports, event),
      ],
    },
  );
}

/** @throws WritError `conflict` where the run, the passkey or this very decision was ended or made meanwhile */
async function commitDecision({ ports }: Pick<DecidingParts, 'ports'>, commit: Commit): Promise<void> {
  const result: CommitResult = await ports.store.commit(commit);
  if (result.outcome === 'committed') return;
  const { loss } = result;
  if (loss.kind !== 'consumed') throw new WritError('conflict', 'the run or the passkey has ended meanwhile');
  const message = !loss.key.startsWith('approval ')
    ? 'this challenge has been used'
    : 'you have decided this already';
  throw new WritError('conflict', message);
}

async function shown(parts: DecidingParts, session: Session, id: string): Promise<RunView> {
  const seen = await seenRun(parts, session, id);
  if (seen === null) throw unknownRun(id);
  return seen.view();
}
