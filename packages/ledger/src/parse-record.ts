import { canonicalJson } from './canonical-json.ts';
import { CREDENTIAL_CLASSES, type CredentialClass, LEAF_TYPE_NAMES, type LeafType } from './leaf-type.ts';
import { LedgerError } from './ledger-error.ts';
import { readApproval, readDecision } from './read-approval.ts';
import { readPerson } from './read-person.ts';
import { readPublicJwk } from './read-public-jwk.ts';
import type {
  IdentityRecord,
  IssueRecord,
  LedgerRecord,
  RecordCommon,
  RecordEvidence,
  RecordFlow,
} from './record.ts';
import { RecordFields } from './record-fields.ts';

const CLASSES = CREDENTIAL_CLASSES.filter((name) => name !== 'none');
/** Classes that are signed, so that their records must name the key. */
const SIGNED: ReadonlySet<CredentialClass> = new Set<CredentialClass>(['token', 'x509', 'ssh']);
const MAX_ASSURANCE = 3;

/**
 * Reads the canonical JSON of a record strictly: RFC 8785 form (so no member twice and one spelling only),
 * every member known and of its shape, no control character in any text.
 *
 * @throws LedgerError `record-malformed`, naming the member
 */
export function parseRecord(json: string): LedgerRecord {
  const value = parseJson(json);
  if (canonicalJson(value) !== json) throw malformed('it is not canonical JSON');
  return readRecord(value);
}

/**
 * The record that a JSON value is: every member known and of its shape. Whoever writes a record asks this before it is
 * text; whoever reads one has a text, see `parseRecord`.
 *
 * @throws LedgerError `record-malformed`, naming the member
 */
export function readRecord(value: unknown): LedgerRecord {
  const fields = new RecordFields(value);
  const type = fields.oneOf('type', LEAF_TYPE_NAMES);
  const common = { requested_at_ms: fields.count('requested_at_ms'), artefacts: fields.digest('artefacts') };
  const record = readByType(type, common, fields);
  fields.done();
  return record;
}

type Common = Omit<RecordCommon<LeafType>, 'type'>;

function readByType(type: LeafType, common: Common, f: RecordFields): LedgerRecord {
  switch (type) {
    case 'issue':
      return readIssue(common, f);
    case 'abort':
      return {
        type,
        ...common,
        run: f.text('run'),
        issue_index: f.count('issue_index'),
        reason: f.text('reason'),
      };
    case 'revoke':
      return {
        type,
        ...common,
        credential: f.text('credential'),
        issue_index: f.count('issue_index'),
        by: f.text('by'),
        reason: f.text('reason'),
      };
    case 'freeze':
      return { type, ...common, scope: f.scope('scope'), by: f.text('by'), reason: f.text('reason') };
    case 'unfreeze':
      return { type, ...common, scope: f.scope('scope'), by: f.text('by'), run: f.text('run') };
    case 'artefacts':
      return {
        type,
        ...common,
        hash: f.digest('hash'),
        previous: f.isNull('previous') ? null : f.digest('previous'),
        mode: f.oneOf('mode', ['genesis', 'dev', 'published']),
        by: f.text('by'),
        ...(f.has('identity') ? { identity: f.text('identity') } : {}),
        ...readRun(f),
      };
    case 'key':
      return {
        type,
        ...common,
        kid: f.text('kid'),
        event: f.oneOf('event', ['prepared', 'activated', 'retired']),
        use: f.text('use'),
        public_jwk: readPublicJwk(f.object('public_jwk').rest()),
        by: f.text('by'),
      };
    case 'identity':
      return readIdentity(common, f);
    case 'person':
      return readPerson(common, f);
    case 'approval':
      return readApproval(common, f);
    case 'decision':
      return readDecision(common, f);
    case 'erasure': {
      const indexes = f.counts('indexes');
      return { ...f.rest(), type, ...common, indexes };
    }
    case 'delivery':
    case 'recovery':
    case 'prune':
      return { ...f.rest(), type, ...common };
  }
}

function readIssue(common: Common, f: RecordFields): IssueRecord {
  const credentialClass = f.oneOf('credential_class', CLASSES);
  if (SIGNED.has(credentialClass) && !f.has('kid'))
    throw malformed(`\`kid\` is missing for a ${credentialClass}`);
  const record: IssueRecord = {
    type: 'issue',
    ...common,
    run: f.text('run'),
    identity: f.text('identity'),
    owner: f.text('owner'),
    purpose: f.text('purpose'),
    subject: f.text('subject'),
    audience: f.text('audience'),
    scopes: f.texts('scopes'),
    ttl: f.count('ttl'),
    not_after_ms: f.count('not_after_ms'),
    flow: readFlow(f.object('flow')),
    right: f.text('right'),
    decided_by: f.texts('decided_by'),
    plan: f.digest('plan'),
    evidence: f.list('evidence').map(readEvidence),
    freeze_scopes: f.scopes('freeze_scopes'),
    credential_class: credentialClass,
    ...(f.has('kid') ? { kid: f.text('kid') } : {}),
    ...(f.has('jkt') ? { jkt: f.text('jkt') } : {}),
    ...(f.has('credential') ? { credential: f.text('credential') } : {}),
    ...(f.has('approvals') ? { approvals: f.counts('approvals') } : {}),
  };
  return record;
}

function readIdentity(common: Common, f: RecordFields): IdentityRecord {
  return {
    type: 'identity',
    ...common,
    identity: f.text('identity'),
    revision: f.count('revision'),
    change: f.value('change'),
    by: f.text('by'),
    ...readRun(f),
    ...(f.has('owner') ? { owner: f.text('owner') } : {}),
    ...(f.has('purpose') ? { purpose: f.text('purpose') } : {}),
    ...(f.has('evidence') ? { evidence: f.list('evidence').map(readEvidence) } : {}),
  };
}

type OfRun = Pick<IdentityRecord, 'run' | 'plan' | 'flow' | 'decided_by' | 'approvals'>;

/** What a record says of the run that it ends, where there was one. */
function readRun(f: RecordFields): OfRun {
  return {
    ...(f.has('run') ? { run: f.text('run') } : {}),
    ...(f.has('plan') ? { plan: f.digest('plan') } : {}),
    ...(f.has('flow') ? { flow: readFlow(f.object('flow')) } : {}),
    ...(f.has('decided_by') ? { decided_by: f.texts('decided_by') } : {}),
    ...(f.has('approvals') ? { approvals: f.counts('approvals') } : {}),
  };
}

function readFlow(f: RecordFields): RecordFlow {
  const flow = { name: f.text('name'), version: f.textOrCount('version'), hash: f.digest('hash') };
  f.done();
  return flow;
}

function readEvidence(value: unknown, i: number): RecordEvidence {
  const f = new RecordFields(value, `evidence.${i}`);
  const evidence = {
    proof: f.text('proof'),
    anchor: f.text('anchor'),
    digest: f.digest('digest'),
    assurance: f.count('assurance'),
  };
  f.done();
  if (evidence.assurance < 1 || evidence.assurance > MAX_ASSURANCE) {
    throw malformed(`\`evidence.${i}.assurance\` is not from 1 to ${MAX_ASSURANCE}`);
  }
  return evidence;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw malformed('it is not JSON');
  }
}

function malformed(why: string): LedgerError {
  return new LedgerError('record-malformed', `record is malformed: ${why}`);
}
