import type { Identity } from '@writ/core';
import type { Ports } from '../ports.ts';
import { readIdentity } from '../stored.ts';

/** How far this identity goes beyond those of the same kind that the same owner has. */
export interface Similar {
  readonly identities: number;
  /** what it would hold and none of them does */
  readonly beyond: readonly string[];
}

/** Identities that are compared with at most: each view reads as many. */
const MOST = 100;

export async function similarTo({ store }: Pick<Ports, 'store'>, identity: Identity): Promise<Similar> {
  const rows = await store.read.rows('identities', { column: 'owner', equals: identity.owner, limit: MOST });
  const others = rows
    .map(readIdentity)
    .filter(({ kind, name }) => kind === identity.kind && name !== identity.name);
  const held = new Set(others.flatMap(holdings));
  return { identities: others.length, beyond: holdings(identity).filter((each) => !held.has(each)) };
}

function holdings({
  entitlement: { audiences, scopes, environments, dataSets, commands },
}: Identity): readonly string[] {
  return [
    ...audiences.map((each) => `audience ${each}`),
    ...scopes.map((each) => `scope ${each}`),
    ...environments.map((each) => `environment ${each}`),
    ...dataSets.map((each) => `data set ${each}`),
    ...commands.map((each) => `command ${each}`),
  ];
}
