import type { Anchor, FactSource, Hash } from '@writ/core';
import type { Audience } from './audience.ts';
import type { CompiledFlow } from './compile-flow.ts';
import type { Group, ListedPerson } from './group.ts';
import type { Guardrail } from './guardrail.ts';
import type { PolicyPack } from './policy-pack.ts';
import type { Right } from './right.ts';
import type { Role } from './role.ts';

/** Everything decisions are made by, named by one hash. It exists only if every file in it is sound. */
export interface ArtefactSet {
  /** hexadecimal SHA-256 */
  readonly hash: string;
  readonly sha256: Hash;
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly anchors: ReadonlyMap<string, Anchor>;
  readonly rights: ReadonlyMap<string, Right>;
  readonly guardrails: readonly Guardrail[];
  readonly packs: ReadonlyMap<string, PolicyPack>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly people: readonly ListedPerson[];
  /** groups whose members have a role */
  readonly roles: ReadonlyMap<Role, readonly string[]>;
  readonly audiences: ReadonlyMap<string, Audience>;
  readonly sources: ReadonlyMap<string, FactSource>;
}

/** The rights of a set by identity, sorted out once: a set never changes, and every request asks. */
const byIdentity = new WeakMap<ArtefactSet, ReadonlyMap<string, readonly Right[]>>();

function rightsOf(set: ArtefactSet, identity: string): readonly Right[] {
  const known = byIdentity.get(set) ?? Map.groupBy(set.rights.values(), (right) => right.identity);
  byIdentity.set(set, known);
  return known.get(identity) ?? [];
}

/** The rights an identity has for an audience, those of `flow` alone where one is named. */
export function rightsFor(
  set: ArtefactSet,
  asked: { readonly identity: string; readonly audience: string | null; readonly flow: string | null },
): readonly Right[] {
  return rightsOf(set, asked.identity).filter(
    (right) =>
      (asked.audience === null || right.audience === asked.audience) &&
      (asked.flow === null || right.flow === asked.flow),
  );
}
