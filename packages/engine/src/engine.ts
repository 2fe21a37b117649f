import type { Consume, Identity } from '@writ/core';
import type { ArtefactSet } from '@writ/flow';
import type { Answer, Asked } from './asked.ts';
import { type Explanation, explain, findIdentity, listIdentities } from './explain.ts';
import { type Frozen, freeze } from './freeze.ts';
import { createInForce } from './in-force.ts';
import { type Introspection, introspect } from './introspect.ts';
import { createIssueCredential } from './issue-credential.ts';
import { createIssuerKeys, type IssuerKeys } from './issuer-keys.ts';
import { createOutstanding } from './outstanding.ts';
import { createPeople, type People } from './people/people.ts';
import type { Ports } from './ports.ts';
import { createPublisher, type Publisher } from './publish.ts';
import { receiptFor } from './receipt.ts';
import { createRefusals } from './refusal.ts';
import { request } from './request.ts';
import { type Revoker, revoke } from './revoke.ts';
import { createDecisions } from './runs/approvals.ts';
import { createChanges } from './runs/change.ts';
import { createRuns } from './runs/create-runs.ts';
import { createReconciler, type Reconciler } from './runs/reconciler.ts';
import type { Runs } from './runs/runs.ts';
import { createWaitingRuns } from './runs/waiting-runs.ts';

/** The use cases. Every endpoint reaches issuance through here and has no rules of its own (law 2). */
export interface Engine {
  readonly publisher: Publisher;
  readonly keys: IssuerKeys;
  readonly people: People;
  readonly runs: Runs;
  readonly reconciler: Reconciler;
  artefacts(): Promise<ArtefactSet>;
  request(asked: Asked): Promise<Answer>;
  introspect(token: string, client: string): Promise<Introspection>;
  revoke(token: string, by: Revoker): Promise<void>;
  /** Resolves when the store takes commits. @throws WritError `unavailable`, saying why it takes none */
  writable(): Promise<void>;
  /** Spends a single-use key; false when it was spent before. */
  spend(consume: Consume): Promise<boolean>;
  /** The receipt of the credential with this id (`jti`), or null. */
  receipt(id: string): Promise<string | null>;
  freeze(asked: { scope: string; reason: string; by: string }): Promise<Frozen>;
  explain(reference: string): Promise<Explanation | null>;
  identities(after: string | null, limit: number): Promise<readonly Identity[]>;
  identity(name: string): Promise<Identity | null>;
}

export function createEngine(ports: Ports): Engine {
  const inForce = createInForce(ports);
  const outstanding = createOutstanding();
  const refusals = createRefusals(ports);
  const runs = createWaitingRuns(ports);
  const keys = createIssuerKeys(ports, inForce, outstanding);
  const issueCredential = createIssueCredential(ports, inForce, keys, outstanding);
  const people = createPeople(ports, inForce, refusals);
  const decisions = createDecisions(ports);
  const walk = { ports, inForce, refusals, runs, decisions, issueCredential };
  const changes = createChanges(ports);
  const published = async (): Promise<void> => keys.start();
  const parts = { ports, inForce, refusals, runs, decisions, people, changes, published };
  return {
    publisher: createPublisher(ports, inForce),
    keys,
    people,
    runs: createRuns(parts),
    reconciler: createReconciler(parts),
    artefacts: () => inForce.current(),
    request: (asked) => request(walk, asked),
    introspect: (token, client) => introspect(ports, inForce, token, client),
    revoke: (token, by) => revoke(ports, inForce, token, by),
    writable: async () => {
      await ports.store.commit({ expect: [], consume: [], append: null, write: [] });
    },
    spend: async (consume) => {
      const result = await ports.store.commit({ expect: [], consume: [consume], append: null, write: [] });
      return result.outcome === 'committed';
    },
    receipt: (id) => receiptFor(ports, id),
    freeze: (asked) => freeze(ports, inForce, outstanding, asked),
    explain: (reference) => explain(ports, refusals, reference),
    identities: (after, limit) => listIdentities(ports, after, limit),
    identity: (name) => findIdentity(ports, name),
  };
}
