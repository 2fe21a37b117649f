import type { Entitlement } from '@writ/core';
import { name, resource, scope } from '../definition/names.ts';
import { choice, list, object, optional, refine, required, type Shape, text } from '../document/shape.ts';

const entitlement: Shape<Entitlement> = refine(
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

/** The widest each identity may hold (`writ: entitlements/v1`). */
export const entitlementsShape: Shape<readonly Entitlement[]> = refine(
  object({ writ: required(choice(['entitlements/v1'])), entitlements: required(list(entitlement)) }),
  (value) => value.entitlements,
);
