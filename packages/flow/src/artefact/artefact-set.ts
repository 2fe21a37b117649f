import type { Anchor, Entitlement, Hash } from '@writ/core';
import type { Audience } from './audience.ts';
import type { CompiledFlow } from './compile-flow.ts';
import type { Group, ListedPerson } from './group.ts';
import type { Guardrail } from './guardrail.ts';
import type { Right } from './right.ts';
import type { FactSource } from './source.ts';

/** Everything decisions are made by, named by one hash. It exists only if every file in it is sound. */
export interface ArtefactSet {
  /** hexadecimal SHA-256 */
  readonly hash: string;
  readonly sha256: Hash;
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly anchors: ReadonlyMap<string, Anchor>;
  readonly rights: ReadonlyMap<string, Right>;
  readonly guardrails: readonly Guardrail[];
  readonly groups: ReadonlyMap<string, Group>;
  readonly people: readonly ListedPerson[];
  readonly audiences: ReadonlyMap<string, Audience>;
  readonly sources: ReadonlyMap<string, FactSource>;
  readonly entitlements: ReadonlyMap<string, Entitlement>;
}

/** The rights an identity has for an audience, those of `flow` alone where one is named. */
export function rightsFor(
  set: ArtefactSet,
  asked: { readonly identity: string; readonly audience: string | null; readonly flow: string | null },
): readonly Right[] {
  return [...set.rights.values()].filter(
    (right) =>
      right.identity === asked.identity &&
      (asked.audience === null || right.audience === asked.audience) &&
      (asked.flow === null || right.flow === asked.flow),
  );
}
