import { type Facts, type Identity, WritError } from '@writ/core';
import type { ArtefactSet } from '@writ/flow';
import { gatherFacts } from '../gather-facts.ts';
import type { InForce } from '../in-force.ts';
import type { Ports } from '../ports.ts';
import { decidingFlows } from '../request.ts';
import { approvalFact, confirmationFact } from './approvals.ts';
import { type Changes, controlPlane } from './change.ts';
import { identityOnRecord } from './identity-on-record.ts';
import type { OpenRun } from './stored-run.ts';
import { readEvidence } from './stored-value.ts';
import type { VerifiedDecision } from './verified-decision.ts';

export interface FactParts {
  readonly ports: Ports;
  readonly inForce: InForce;
  readonly changes: Changes;
}

/** Everything that is known of a run from its row, as facts to decide by: for an act, and for saying who may decide about a run. */
export async function factsOfRun(
  { ports, inForce, changes }: FactParts,
  set: ArtefactSet,
  run: OpenRun,
  decisions: readonly VerifiedDecision[],
  now: number,
  viewer: string | null = null,
): Promise<Facts> {
  const { request, proposal, evidence, holder } = run.body;
  const flow = set.flows.get(request.flow);
  const { base, set: wanted } = request.fields;
  const change =
    flow?.definition.issues === 'change' && typeof base === 'string' && typeof wanted === 'string';
  const given = change ? await changes.observe(base, wanted, now) : {};
  const registered = await identityOnRecord(ports, request.identity);
  const identity: Identity | null = change ? controlPlane(ports.trustDomain, flow) : (proposal ?? registered);
  if (identity === null) throw new WritError('unknown', `there is no identity \`${request.identity}\``);
  const flows = await decidingFlows({ inForce }, set, request.flow, run);
  return gatherFacts(
    ports,
    set,
    flows,
    {
      request,
      holder,
      evidence: evidence.map(readEvidence),
      identity,
      before: proposal === null ? null : registered,
      right: set.rights.get(request.right) ?? null,
      approvals: decisions.flatMap((each) => approvalFact(each) ?? []),
      confirmations: decisions.flatMap((each) => confirmationFact(each) ?? []),
      persons: [...decisions.map(({ person }) => person), ...(viewer === null ? [] : [viewer])],
      given,
      openedAt: run.openedAt,
      pinned: run.pinned,
    },
    now,
  );
}
