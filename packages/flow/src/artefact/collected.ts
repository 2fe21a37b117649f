import type { Anchor, FactSource, Identity } from '@writ/core';
import type { ConditionSource, FlowDefinition } from '../definition/definition.ts';
import type { ParsedYaml } from '../document/parse-yaml.ts';
import type { Problem } from '../document/problem.ts';
import type { Audience } from './audience.ts';
import type { NamedEntitlement } from './entitlement.ts';
import type { Group, ListedPerson } from './group.ts';
import type { Guardrail } from './guardrail.ts';
import type { PolicyPack } from './policy-pack.ts';
import type { Right } from './right.ts';
import type { NamedRole } from './role.ts';

/** Something of a file, with where it stands, so that a later check can point at it. */
export interface Placed<T> {
  readonly value: T;
  readonly file: ParsedFile;
  readonly at: number;
}

export interface ParsedFile {
  readonly path: string;
  readonly yaml: ParsedYaml;
}

/** What the files hold, before references between them are checked. */
export interface Collected {
  readonly flows: Placed<FlowDefinition<ConditionSource>>[];
  readonly anchors: Placed<Anchor>[];
  readonly rights: Placed<Right>[];
  readonly guardrails: Placed<readonly Guardrail[]>[];
  readonly packs: Placed<PolicyPack>[];
  readonly groups: Placed<Group>[];
  readonly people: Placed<ListedPerson>[];
  readonly roles: Placed<NamedRole>[];
  readonly audiences: Placed<Audience>[];
  readonly sources: Placed<FactSource>[];
  readonly entitlements: Placed<NamedEntitlement>[];
  readonly identities: Placed<Identity>[];
}

export type ReportAt = (
  file: ParsedFile,
  at: number,
  message: string,
  severity?: Problem['severity'],
) => void;
