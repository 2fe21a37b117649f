import { type Identity, type Observation, WritError } from '@writ/core';
import { type ArtefactSet, CHANGE_SOURCE, type CompiledFlow, loadSet, type SourceFile } from '@writ/flow';
import type { Ports } from '../ports.ts';
import { readFiles } from '../stored.ts';
import type { ChangeJudgement } from './change-judgement.ts';

/** Judgements that are kept: comparing costs as much as the flows are large, and two sets never compare otherwise. */
const KEPT = 16;

export interface Changes {
  judge(base: string, set: string): Promise<ChangeJudgement>;
  /** The fact that flows for changes are decided by. */
  observe(base: string, set: string, now: number): Promise<Facts>;
  files(set: string): Promise<readonly SourceFile[]>;
}

type Facts = Readonly<Record<string, Observation>>;

export function createChanges(ports: Ports): Changes {
  const judged = new Map<string, ChangeJudgement>();

  const files = async (hash: string): Promise<readonly SourceFile[]> => {
    const row = await ports.store.read.row('artefact_sets', hash);
    const found = row === null ? [] : readFiles(row).files;
    // What a proof compares is what the hashes name, also where a set in force has been compiled long ago.
    if (row !== null && loadSet(found, ports.sha256).set?.hash !== hash)
      throw new WritError(
        'verification-failed',
        `the set ${hash} is not as it was stored; run \`writ audit\``,
      );
    return found;
  };

  const judge = async (base: string, set: string): Promise<ChangeJudgement> => {
    const key = `${base} ${set}`;
    const known = judged.get(key);
    if (known !== undefined) return known;
    const judgement = ports.judgeChange(await files(base), await files(set));
    const [oldest] = judged.keys();
    if (judged.size >= KEPT && oldest !== undefined) judged.delete(oldest);
    judged.set(key, judgement);
    return judgement;
  };

  return {
    judge,
    files,
    observe: async (base, set, now) => {
      const { verdict, tier, flow } = await judge(base, set);
      return { [CHANGE_SOURCE]: { value: { verdict, tier, flow }, observedAt: now } };
    },
  };
}

/** The one flow by which changes are published, or null. */
export function changeFlow(set: ArtefactSet): CompiledFlow | null {
  const flows = [...set.flows.values()].filter(({ definition }) => definition.issues === 'change');
  return flows.length === 1 ? (flows[0] ?? null) : null;
}

/** The name that no identity can have: a change is asked for in the name of Writ itself. */
export const CONTROL_PLANE = 'writ';

/** Whom a change is about: Writ itself, which whoever owns the flow for changes answers for. */
export function controlPlane(trustDomain: string, { definition: { owner } }: CompiledFlow): Identity {
  return {
    uri: `spiffe://${trustDomain}/${CONTROL_PLANE}`,
    name: CONTROL_PLANE,
    kind: 'service-account',
    status: 'active',
    owner,
    deputy: owner,
    purpose: 'what decisions are made by',
    environment: 'control-plane',
    expires: LAST_INSTANT,
    revision: 1,
    revisionReviewed: true,
    previouslyRevoked: false,
    attributes: {},
    entitlement: { audiences: [], scopes: [], environments: [], dataSets: [], commands: [] },
    keys: [],
    boundSince: 1,
  };
}

/** The last second of the year 9999, milliseconds since the epoch. */
const LAST_INSTANT = 253_402_300_799_000;
