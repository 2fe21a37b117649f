import { type IssuanceRequest, type Reason, type Session, WritError } from '@writ/core';
import { decide, formatProblem, loadSet, type SourceFile, unpinned } from '@writ/flow';
import { gatherFacts } from '../gather-facts.ts';
import { changeFlow, controlPlane } from './change.ts';
import { progress, type RunParts } from './progress.ts';
import type { ProposedChange, RunAnswer, RunView } from './runs.ts';
import { viewerOf } from './visible.ts';

/**
 * Asks for another artefact set to be put in force. What does not load, has lint errors or is pinned to nobody is refused
 * whoever would approve it; the rest is for the flow for changes to say.
 * @throws WritError `invalid` naming every mistake, `conflict` where nothing would change or the base is another, `unsupported`
 */
export async function propose(
  parts: RunParts,
  show: (session: Session, run: string) => Promise<RunView | null>,
  session: Session,
  asked: ProposedChange,
): Promise<RunAnswer> {
  const { ports, inForce } = parts;
  const current = await inForce.current();
  if ((await viewerOf(ports, current, session)) === null)
    throw new WritError('refused', 'you are not among the people');
  if (asked.base !== null && asked.base !== current.hash)
    throw new WritError(
      'conflict',
      `what is in force is ${current.hash}, not what this was planned against; plan again`,
    );
  const flow = changeFlow(current);
  if (flow === null)
    throw new WritError('unsupported', 'no one flow in force issues changes; there must be exactly one');
  const files = await filesOf(parts, asked);
  const { set, problems } = loadSet(files, ports.sha256);
  if (set === null) throw new WritError('invalid', problems.map(formatProblem).join('\n'));
  if (set.hash === current.hash) throw new WritError('conflict', 'nothing would change');
  const open = unpinned(set);
  if (open.length > 0) throw new WritError('invalid', open.join('\n'));
  await keep(parts, set.hash, files);
  const { bars } = await parts.changes.judge(current.hash, set.hash);
  if (bars.length > 0) return declined(parts, session, bars);
  const now = ports.now();
  const { definition } = flow;
  const request: IssuanceRequest = {
    flow: definition.name,
    right: '',
    identity: 'writ',
    audience: definition.request.audience[0] ?? '',
    scopes: definition.request.scopes,
    ttl: null,
    fields: { base: current.hash, set: set.hash, summary: asked.summary },
  };
  const about = {
    request,
    holder: null,
    evidence: [session.evidence],
    identity: controlPlane(ports.trustDomain, flow),
    before: null,
    right: null,
    approvals: [],
    confirmations: [],
    persons: [session.person],
    openedAt: now,
    pinned: null,
    given: await parts.changes.observe(current.hash, set.hash, now),
  };
  const facts = await gatherFacts(ports, current, [flow], about, now);
  const verdict = decide(current, facts, now);
  if (verdict.outcome === 'refused') return declined(parts, session, verdict.reasons);
  const opened = await parts.runs.open({
    set: current,
    facts,
    verdict: verdict.outcome === 'waiting' ? verdict : { ...verdict, outcome: 'waiting', obligations: [] },
    requester: session.person,
    expect: [],
    write: (run) => [
      {
        kind: 'row',
        table: 'requests',
        row: { run, person: session.person, flow: definition.name, identity: 'writ', at: now },
      },
    ],
  });
  if ('reason' in opened) return declined(parts, session, [opened.reason]);
  if (verdict.outcome === 'issue') await progress(parts, opened.id);
  const run = await show(session, opened.id);
  if (run === null) throw new WritError('unknown', `there is no run \`${opened.id}\``);
  return { outcome: run.state === 'issued' ? 'issued' : 'waiting', run, repeated: false };
}

async function filesOf(
  { ports, changes }: RunParts,
  { files, rollback }: ProposedChange,
): Promise<readonly SourceFile[]> {
  if (files !== null && rollback === null) return files;
  if (files !== null || rollback === null)
    throw new WritError('invalid', 'a change is either files or an earlier set');
  const row = await ports.store.read.row('artefact_sets', rollback);
  if (row === null || row.mode === PROPOSED)
    throw new WritError('unknown', `the set ${rollback} was never in force`);
  return changes.files(rollback);
}

const PROPOSED = 'proposed';

/** A proposed set is kept under its hash, so that what is approved is what is published. One that was in force stays as it is. */
async function keep({ ports }: RunParts, hash: string, files: readonly SourceFile[]): Promise<void> {
  if ((await ports.store.read.row('artefact_sets', hash)) !== null) return;
  const row = { hash, mode: PROPOSED, body: JSON.stringify({ files }) };
  await ports.store.commit({
    expect: [],
    consume: [],
    append: null,
    write: [{ kind: 'row', table: 'artefact_sets', row }],
  });
}

function declined({ refusals }: RunParts, session: Session, reasons: readonly Reason[]): RunAnswer {
  const about = { identity: 'writ', run: null, reasons, disclosed: true };
  const reference = refusals.record(about, `${session.person} ${session.id}`);
  return { outcome: 'refused', reference, reasons: reasons.map(({ expected: _owners, ...told }) => told) };
}
