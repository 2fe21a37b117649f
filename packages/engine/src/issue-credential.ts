import {
  ARTEFACTS_MODE_CELL,
  activeKeyCell,
  type Bounds,
  type Commit,
  type Credential,
  type Expect,
  type Facts,
  type Issue,
  type Loss,
  type NewEntry,
  type Prepared,
  type Reason,
  type Row,
  runCell,
  toHex,
  WritError,
  type Write,
} from '@writ/core';
import type { Order } from '@writ/issue';
import type { Asked, Issued } from './asked.ts';
import { newEntry } from './entry.ts';
import type { InForce, Mode } from './in-force.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import type { Outstanding } from './outstanding.ts';
import type { Ports } from './ports.ts';
import { receiptOf } from './receipt.ts';
import { notices } from './runs/notices.ts';
import { closing } from './runs/obligations.ts';
import { noTimer } from './runs/run-timer.ts';
import { endedRow, type OpenRun } from './runs/stored-run.ts';
import { credentialRow } from './stored.ts';

/** The run that an issuance ends. */
export interface IssuanceOf {
  /** null where nothing had to be waited for */
  readonly run: OpenRun | null;
  readonly facts: Facts;
  /** plan digest, hexadecimal; what a run was opened for, also where the set in force has narrowed it since */
  readonly plan: string;
  /** ledger indexes of the approvals that counted */
  readonly approvals: readonly number[];
}

export type IssueCredential = (
  asked: Asked,
  verdict: Issue,
  of: IssuanceOf,
  /** when it was decided, milliseconds since the epoch: the credential's life is counted from then */
  decidedAt: number,
) => Promise<
  | Issued
  | { readonly outcome: 'lost'; readonly loss: Loss }
  | { readonly outcome: 'unsupported'; readonly reason: Reason }
>;

/**
 * Log, then sign (law 3): prepare the bytes, commit their digest together with the state they bring about, and only
 * against the proof of that sign, deliver and answer.
 *
 * A crash before the commit leaves nothing. A crash after it leaves an entry that authorises a signature nobody made: an
 * intent, which monitors do not read as a delivery. There is no point at which a signature exists without its entry.
 */
export function createIssueCredential(
  ports: Ports,
  inForce: InForce,
  keys: IssuerKeys,
  outstanding: Outstanding,
): IssueCredential {
  return async (asked, verdict, of, decidedAt) => {
    const { bounds } = verdict;
    const { run } = of;
    const gap = notSupported(ports, bounds);
    if (gap !== null) return { outcome: 'unsupported', reason: gap };
    const name = bounds.generate.key ?? '';
    const kid = await keys.active(name);
    if (kid === null) throw new WritError('unavailable', `no issuer key \`${name}\` is active`);
    const order: Order = {
      bounds,
      issuer: ports.issuerUrl,
      id: ports.ids.token(),
      kid,
      // Not the moment of signing: every cap was held against the moment of the decision, however long ago that is by now.
      issuedAt: decidedAt,
    };
    const prepared = ports.issuer.prepare(order);
    const runId = run?.id ?? ports.ids.run();
    const ending = run === null ? [] : await endingWrites(ports, run, bounds);
    const commit = issueCommit(ports, {
      asked,
      verdict,
      ...of,
      runId,
      prepared,
      ending,
      mode: await inForce.mode(),
    });
    const end = outstanding.begin();
    try {
      const result = await ports.store.commit(commit);
      if (result.outcome === 'lost') return result;
      if (result.inclusion === null) throw new WritError('unavailable', 'the ledger gave no proof');
      const credential = ports.issuer.issue(prepared, result.inclusion);
      const receipt = receiptOf(result.inclusion, commit.append.salt);
      const target = ports.targets.get(CALLER);
      const delivered = await target?.deliver({ credential, receipt });
      if (delivered === undefined || delivered === null)
        throw new WritError('unsupported', 'nothing was delivered');
      ports.events.issued({
        run: runId,
        identity: bounds.identity.name,
        flow: bounds.flow.name,
        audience: bounds.audience,
        index: result.inclusion.index,
      });
      return {
        outcome: 'issued',
        run: runId,
        token: delivered.credential,
        tokenType: bounds.holder === null ? 'Bearer' : 'DPoP',
        expiresIn: bounds.ttl,
        scopes: bounds.scopes,
        receipt: delivered.receipt,
        index: result.inclusion.index,
      };
    } finally {
      end();
    }
  };
}

/** The one target there is: what goes elsewhere is not answered to whoever asks. */
const CALLER = 'caller';

/** What a flow may say and this version cannot do yet; it answers so before anything is committed. */
function notSupported(ports: Ports, bounds: Bounds): Reason | null {
  const reason = (rule: string, what: string): Reason => ({
    stage: 'generate',
    rule,
    message: `${what} is not supported yet`,
  });
  if (bounds.generate.kind !== 'token') return reason('generate', `issuing \`${bounds.generate.kind}\``);
  if (bounds.activate !== 'issued') return reason('activate', `activation \`${bounds.activate}\``);
  if (bounds.holder !== null && bounds.holder.pop !== 'dpop')
    return reason('bind.pop', `binding to \`${bounds.holder.pop}\``);
  if (bounds.source !== null) return reason('bind.source', 'binding to a network');
  const elsewhere = bounds.deliver.find((target) => target !== CALLER || !ports.targets.has(target));
  return elsewhere === undefined ? null : reason('deliver', `delivery to \`${elsewhere}\``);
}

interface Making extends IssuanceOf {
  readonly asked: Asked;
  readonly verdict: Issue;
  readonly runId: string;
  /** what ends with a run that waited */
  readonly ending: readonly Write[];
  readonly prepared: Prepared<Order>;
  readonly mode: Mode;
}

/** Nobody is asked or reminded any more, and whoever subscribed is told. */
async function endingWrites(ports: Ports, run: OpenRun, bounds: Bounds): Promise<readonly Write[]> {
  const data = { run: run.id, flow: bounds.flow.name, identity: bounds.identity.name };
  return [
    { kind: 'cell', cell: runCell(run.id), value: 'issued' },
    ...(await closing(ports, run.id, 'met')),
    ...noTimer(run),
    ...notices(ports, { type: 'run.issued', timestampMs: ports.now(), data }),
  ];
}

function issueCommit(ports: Ports, making: Making): Commit & { readonly append: NewEntry } {
  const { asked, verdict, run, runId, prepared, mode, ending } = making;
  const { bounds } = verdict;
  const key: Expect = { kind: 'cell', cell: activeKeyCell(bounds.generate.key ?? ''), is: prepared.kid };
  const published: Expect = { kind: 'cell', cell: ARTEFACTS_MODE_CELL, is: mode.cell };
  const waited: Expect = { kind: 'cell', cell: runCell(runId), is: run === null ? null : 'waiting' };
  return {
    expect: [...verdict.expect, published, key, waited],
    consume: asked.holder === null ? verdict.consume : [...verdict.consume, asked.holder.proof],
    append: newEntry(ports, 'issue', issueRecord(making), {
      credentialClass: 'token',
      dev: mode.dev,
      unattended: bounds.unattended,
      identityTag: ports.identityTag(bounds.identity.name),
      tbsDigest: prepared.tbsDigest,
    }),
    write: [
      ...ending,
      { kind: 'row', table: 'runs', row: runRow(making) },
      { kind: 'row', table: 'credentials', row: credentialRow(credentialOf(making)) },
    ],
  };
}

function runRow({ asked, verdict, run, runId, plan, facts }: Making): Row<'runs'> {
  if (run !== null) return endedRow(run, 'issued');
  return {
    id: runId,
    identity: verdict.bounds.identity.name,
    flow: verdict.bounds.flow.name,
    pinned: facts.pinned?.set ?? verdict.artefacts,
    plan,
    holder: asked.holder?.key.thumbprint ?? '',
    state: 'issued',
    opened_at: facts.openedAt,
    due_at: 0,
    body: '{}',
  };
}

function credentialOf({ verdict: { bounds }, prepared, runId }: Making): Credential {
  const { id, kid, issuedAt } = prepared.plan;
  const iat = Math.floor(issuedAt / 1000);
  return {
    id,
    run: runId,
    identity: bounds.identity.name,
    right: bounds.right,
    kid,
    holder: bounds.holder?.thumbprint ?? '',
    audience: bounds.audience,
    state: 'issued',
    issuedAt: iat * 1000,
    expiresAt: (iat + bounds.ttl) * 1000,
    tbsDigest: toHex(prepared.tbsDigest),
    freezeScopes: bounds.freezeScopes,
    scopes: bounds.scopes,
    subject: bounds.subject,
    revision: bounds.identity.revision,
  };
}

/** The private record: who got what, on what evidence, under which rule. It holds no secret and no token. */
function issueRecord({
  verdict: { artefacts, bounds, decidedBy },
  prepared,
  runId,
  plan,
  facts,
  approvals,
}: Making): Parameters<typeof newEntry>[2] {
  return {
    artefacts,
    run: runId,
    requested_at_ms: facts.openedAt,
    identity: bounds.identity.name,
    owner: bounds.owner,
    purpose: bounds.purpose,
    subject: bounds.subject,
    audience: bounds.audience,
    scopes: bounds.scopes,
    ttl: bounds.ttl,
    not_after_ms: (Math.floor(prepared.plan.issuedAt / 1000) + bounds.ttl) * 1000,
    flow: { name: bounds.flow.name, version: bounds.flow.version, hash: bounds.flow.hash },
    right: bounds.right,
    decided_by: decidedBy,
    plan,
    evidence: bounds.proven.map(({ proof, anchor, digest, assurance }) => ({
      proof,
      anchor,
      digest,
      assurance,
    })),
    freeze_scopes: bounds.freezeScopes,
    credential_class: 'token',
    kid: prepared.kid,
    credential: prepared.plan.id,
    ...(bounds.holder === null ? {} : { jkt: bounds.holder.thumbprint }),
    ...(approvals.length === 0 ? {} : { approvals }),
  };
}
