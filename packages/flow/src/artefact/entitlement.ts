import type { Entitlement } from '@writ/core';
import { name, resource, scope } from '../definition/names.ts';
import { choice, list, object, optional, refine, required, type Shape, text } from '../document/shape.ts';

/** The widest that one identity may hold. */
export interface NamedEntitlement extends Entitlement {
  readonly identity: string;
}

const entitlement: Shape<NamedEntitlement> = refine(
  object({
    identity: required(name),
    audiences: required(list(resource)),
    scopes: required(list(scope)),
    environments: optional(list(text), []),
    'data-sets': optional(list(text), []),
    commands: optional(list(text), []),
  }),
  ({ 'data-sets': dataSets, ...rest }) => ({ ...rest, dataSets }),
);

/** What each identity is registered with (`writ: entitlements/v1`); not part of the artefact set. */
export const entitlementsShape: Shape<readonly NamedEntitlement[]> = refine(
  object({ writ: required(choice(['entitlements/v1'])), entitlements: required(list(entitlement)) }),
  (value) => value.entitlements,
);
