import { hash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type Evidence,
  type Facts,
  type Hash,
  type Holder,
  type Identity,
  NO_ENTITLEMENT,
  type Value,
} from '@writ/core';
import {
  type ArtefactSet,
  entitlementAfter,
  formatProblem,
  freezeScopesOf,
  loadSet,
  type SourceFile,
} from '@writ/flow';

/** A Friday at noon: the moment at which good facts are good. Milliseconds since the epoch. */
export const NOON: number = Date.UTC(2026, 10, 20, 12);

export const sha256: Hash = (data) => hash('sha256', data, 'buffer');

const DIRECTORY = resolve(import.meta.dirname, '../../../examples/acme');

/** The artefacts of the example installation, by path. */
export const ACME_FILES: readonly SourceFile[] = globSync('**/*.yaml', { cwd: DIRECTORY })
  .filter((path) => path !== 'writ.yaml')
  .toSorted()
  .map((path) => ({ path, text: readFileSync(join(DIRECTORY, path), 'utf8') }));

/** One text of one file, to be replaced by another. */
export type Edit = readonly [path: string, from: string, to: string];

/** The example's files with `edits`; each text to be replaced must be there. */
export function acmeFiles(...edits: readonly Edit[]): readonly SourceFile[] {
  return edits.reduce((files, [path, from, to]) => {
    const file = files.find((each) => each.path === path);
    if (file?.text.includes(from) !== true) throw new Error(`no \`${from}\` in ${path}`);
    return files.map((each) => (each === file ? { path, text: file.text.replace(from, () => to) } : each));
  }, ACME_FILES);
}

export interface Installation {
  readonly set: ArtefactSet;
  readonly identities: readonly Identity[];
  readonly files: readonly SourceFile[];
}

/** The example installation with `edits`, loaded. */
export function loadAcme(...edits: readonly Edit[]): Installation {
  const files = acmeFiles(...edits);
  const { set, identities, problems } = loadSet(files, sha256);
  if (set === null) throw new Error(problems.map(formatProblem).join('\n'));
  return { set, identities, files };
}

export type FlowName =
  | 'ci-deploy-token'
  | 'agent-tool-identity'
  | 'device-certificate'
  | 'integration-api-key';
export const DEPLOY_FLOW = 'ci-deploy-token';
export const AGENT_FLOW = 'agent-tool-identity';
export const DEVICE_FLOW = 'device-certificate';
export const KEY_FLOW = 'integration-api-key';
export const IDENTITY_FLOW = 'identity-issue';
export const FLOWS: readonly FlowName[] = [DEPLOY_FLOW, AGENT_FLOW, DEVICE_FLOW, KEY_FLOW];

interface Good {
  readonly right: string;
  readonly scopes: readonly string[];
  readonly fields: Facts['request']['fields'];
  readonly holder: Holder | null;
  readonly evidence: readonly Evidence[];
  /** of the identity, over what the example says */
  readonly identity: Partial<Identity>;
}

const THUMBPRINT = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
const LOGIN = 'https://login.acme.example';

function evidence(anchor: string, issuer: string, claims: Readonly<Record<string, Value>>): Evidence {
  const name = `${anchor} of noon`;
  return {
    anchor,
    role: 'subject',
    issuer,
    tokenId: name,
    digest: hash('sha256', name),
    assurance: 2,
    claims,
    issuedAt: NOON - 10_000,
    expiresAt: NOON + 290_000,
  };
}

/** Ana signs in with a security key; `claims` over hers. */
export function personEvidence(subject = 'ana-7f3c', changes: Partial<Evidence> = {}): Evidence {
  const signedIn = evidence('oidc/workforce', LOGIN, { subject, acr: 'phishing-resistant' });
  return { ...signedIn, expiresAt: NOON + 3_600_000, ...changes };
}

const GOOD: Readonly<Record<FlowName, Good>> = {
  [DEPLOY_FLOW]: {
    right: 'payments-deploy',
    scopes: ['deploy:read'],
    fields: { target: 'production' },
    holder: { pop: 'dpop', thumbprint: THUMBPRINT },
    evidence: [
      evidence('github-actions/acme', 'https://token.actions.githubusercontent.com', {
        sub: 'repo:acme/payments:environment:production',
        repository: 'acme/payments',
        repository_id: '551237781',
        repository_owner: 'acme',
        repository_owner_id: '65',
        ref: 'refs/heads/release-2026.11',
        ref_type: 'branch',
        ref_protected: 'true',
        event_name: 'push',
        runner_environment: 'self-hosted',
        environment: 'production',
        actor: 'octocat',
        actor_id: '12',
      }),
    ],
    identity: {},
  },
  [AGENT_FLOW]: {
    right: 'crm-agent-reads',
    scopes: ['crm:read'],
    fields: { task: 'answer ticket 4711', data_sets: ['crm-public'], commands: ['git status'] },
    holder: { pop: 'dpop', thumbprint: THUMBPRINT },
    evidence: [
      {
        ...evidence('spiffe/agents.acme.example', 'https://spiffe.agents.acme.example', {
          subject: 'spiffe://agents.acme.example/ns/prod/agent/crm',
        }),
        role: 'actor',
        tokenId: null,
      },
      personEvidence(),
    ],
    identity: { revisionReviewed: true },
  },
  [DEVICE_FLOW]: {
    right: 'edge-devices',
    scopes: ['device:telemetry'],
    fields: {},
    holder: { pop: 'tpm-key', thumbprint: THUMBPRINT },
    evidence: [
      {
        ...evidence('tpm/ek-roots-2026', '', {
          ek_certified: 'true',
          secure_boot: 'true',
          pcr_profile: 'edge-2026-05',
        }),
        assurance: 3,
      },
      { ...evidence('registry/devices', '', { serial: 'SN-0042', state: 'registered' }), assurance: 3 },
    ],
    identity: {},
  },
  [KEY_FLOW]: {
    right: 'billing-export-key',
    scopes: ['invoice:read'],
    fields: { environment: 'test' },
    holder: null,
    evidence: [personEvidence()],
    identity: {},
  },
};

/** Rui asks for a reporting service that the platform's owners are to have; nobody has agreed yet. */
export function identityFacts(installation: Installation, changes: Partial<Identity> = {}): Facts {
  const { set } = installation;
  const request: Facts['request'] = {
    flow: IDENTITY_FLOW,
    right: '',
    identity: 'svc-reporting',
    audience: 'https://reports.acme.example',
    scopes: ['reports:read'],
    ttl: 90 * 86_400,
    fields: { ticket: 'SEC-1', environments: ['staging'] },
  };
  const identity: Identity = {
    uri: 'spiffe://acme.example/service-account/svc-reporting',
    name: 'svc-reporting',
    kind: 'service-account',
    status: 'active',
    owner: 'group:platform-security',
    deputy: 'user:rui',
    purpose: 'monthly reports',
    environment: 'staging',
    expires: NOON + 90 * 86_400_000,
    revision: 1,
    revisionReviewed: false,
    previouslyRevoked: false,
    attributes: {},
    entitlement: entitlementAfter(NO_ENTITLEMENT, request),
    keys: [],
    boundSince: 1,
    ...changes,
  };
  const facts = {
    ...goodFacts(KEY_FLOW, installation),
    request,
    identity,
    evidence: [{ ...personEvidence('rui-01ab'), tokenId: null, signIn: 'sign-in of noon' }],
    sources: observedStatic(set),
  };
  return { ...facts, freezes: neverFrozen(facts) };
}

/** Facts on which `flow` of the example issues at noon, with nobody to be waited for. */
export function goodFacts(flow: FlowName, { set, identities }: Installation): Facts {
  const good = GOOD[flow];
  const right = set.rights.get(good.right);
  const found = identities.find(({ name }) => name === right?.identity);
  if (right === undefined || found === undefined) throw new Error(`the example has no ${good.right}`);
  const identity: Identity = { ...found, ...good.identity };
  const facts: Omit<Facts, 'freezes'> = {
    request: {
      flow,
      right: right.id,
      identity: identity.name,
      audience: right.audience,
      scopes: good.scopes,
      ttl: null,
      fields: good.fields,
    },
    holder: good.holder,
    evidence: good.evidence,
    identity,
    before: null,
    people: set.people.map(({ id, subjects }) => ({
      id,
      subjects,
      groups: [...set.groups.values()].filter(({ members }) => members.includes(id)).map((group) => group.id),
    })),
    approvals: [],
    confirmations: [],
    events: [],
    lineage: null,
    sources: observedStatic(set),
    budget: { live: 0 },
    openedAt: NOON,
    pinned: null,
  };
  return { ...facts, freezes: neverFrozen(facts) };
}

function observedStatic({ sources }: ArtefactSet): Facts['sources'] {
  return Object.fromEntries(
    [...sources.values()].flatMap((source) =>
      source.kind === 'static' ? [[source.name, { value: source.value, observedAt: NOON }]] : [],
    ),
  );
}

/** Every scope of these facts, read and never frozen. */
export function neverFrozen(facts: Omit<Facts, 'freezes'>): Facts['freezes'] {
  const { identity, request } = facts;
  if (identity === null) return {};
  const anchors = facts.evidence.map(({ anchor }) => anchor);
  const scopes = freezeScopesOf({
    identity,
    flow: request.flow,
    right: request.right === '' ? null : request.right,
    anchors,
  });
  return Object.fromEntries(scopes.map((scope) => [scope, null]));
}
