import { formatInstant } from '@writ/core';
import type { ApprovalView, RunSummary, RunView } from '@writ/engine';
import { type Static, type TSchema, Type } from 'typebox';
import { CHANGE, changeBody } from './change.ts';
import { CONTROL, controlBody } from './control.ts';
import { ASSIGNED_OBLIGATION, assignedBody } from './obligation.ts';
import { REASON, reasonBody } from './reason.ts';
import { nullable, time } from './text.ts';

const strict = { additionalProperties: false } as const;

const summary = {
  run: Type.String(),
  flow: Type.String(),
  identity: Type.String({ description: 'its short name' }),
  state: Type.Enum(['waiting', 'issued', 'refused', 'denied', 'cancelled', 'expired']),
  requester: nullable(Type.String({ description: '`user:…`; null where a machine asked' })),
  openedAt: time('when it was asked'),
  dueAt: nullable(time('when it ends unless it is decided; null where nothing is waited for')),
};
const Summary = Type.Object(summary, { $id: 'RunSummary', ...strict });

const Approval = Type.Object(
  {
    rule: Type.String(),
    person: Type.String(),
    decision: Type.Enum(['approve', 'deny', 'confirm']),
    at: time('when it was decided'),
    index: Type.Integer({ description: 'its entry in the ledger' }),
    reason: nullable(Type.String()),
  },
  { $id: 'Approval', ...strict },
);

const Run = Type.Object(
  {
    ...summary,
    plan: Type.String({ description: 'SHA-256 of the canonical form of `planJson`, hexadecimal' }),
    planJson: Type.Unknown({ description: 'what is approved; compute its digest again' }),
    flowVersion: Type.Integer(),
    purpose: Type.String(),
    owner: Type.String(),
    proven: Type.Array(
      Type.Object(
        { proof: Type.String(), anchor: Type.String(), claims: Type.Record(Type.String(), Type.String()) },
        strict,
      ),
    ),
    facts: Type.Record(Type.String(), Type.Unknown(), { description: 'what sources gave' }),
    obligations: Type.Array(ASSIGNED_OBLIGATION),
    approvals: Type.Array(Approval),
    changes: Type.Array(CHANGE),
    similar: Type.Object({ identities: Type.Integer(), beyond: Type.Array(Type.String()) }, strict),
    nearMisses: Type.Array(Type.Object({ rule: Type.String(), message: Type.String() }, strict)),
    blastRadius: Type.Object(
      {
        audiences: Type.Array(Type.String()),
        scopes: Type.Array(Type.String()),
        environments: Type.Array(Type.String()),
        liveCredentials: Type.Integer(),
        rights: Type.Array(Type.String()),
      },
      strict,
    ),
    change: Type.Unknown({
      description: 'of a proposed artefact set: flow by flow, what it changes; else null',
    }),
    controls: Type.Array(CONTROL),
    reasons: Type.Array(REASON),
  },
  { $id: 'Run', ...strict, description: 'everything an approver is given' },
);

export const RUN_SUMMARY: TSchema = Summary;
export const RUN: TSchema = Run;

export function summaryBody(run: RunSummary): object {
  return summaryMembers(run);
}

export function runBody(view: RunView): object {
  const { plan, planJson, flowVersion, purpose, owner, facts, similar, blastRadius } = view;
  const body: Static<typeof Run> = {
    ...summaryMembers(view),
    plan,
    planJson,
    flowVersion,
    purpose,
    owner,
    proven: view.proven.map(({ proof, anchor, claims }) => ({ proof, anchor, claims: { ...claims } })),
    facts: { ...facts },
    obligations: view.obligations.map(assignedBody),
    approvals: view.approvals.map(approvalMembers),
    changes: view.changes.map(changeBody),
    similar: { identities: similar.identities, beyond: [...similar.beyond] },
    nearMisses: view.nearMisses.map(({ rule, message }) => ({ rule, message })),
    blastRadius: {
      audiences: [...blastRadius.audiences],
      scopes: [...blastRadius.scopes],
      environments: [...blastRadius.environments],
      liveCredentials: blastRadius.liveCredentials,
      rights: [...blastRadius.rights],
    },
    change: view.change,
    controls: view.controls.map(controlBody),
    reasons: view.reasons.map(reasonBody),
  };
  return body;
}

function summaryMembers({ openedAt, dueAt, ...rest }: RunSummary): Static<typeof Summary> {
  const { run, flow, identity, state, requester } = rest;
  return {
    run,
    flow,
    identity,
    state,
    requester,
    openedAt: formatInstant(openedAt),
    dueAt: dueAt === 0 ? null : formatInstant(dueAt),
  };
}

function approvalMembers({ at, ...rest }: ApprovalView): Static<typeof Approval> {
  const { rule, person, decision, index, reason } = rest;
  return { rule, person, decision, at: formatInstant(at), index, reason };
}
