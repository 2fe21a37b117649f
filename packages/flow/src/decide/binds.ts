import type { IdentityKind } from '@writ/core';
import type { Issues } from '../definition/definition.ts';
import type { Context } from './context.ts';

/** Of what something organisation-wide speaks. A null list speaks of all. */
export interface Binding {
  readonly issues: readonly Issues[] | null;
  readonly tiers: readonly number[] | null;
  readonly kinds: readonly IdentityKind[] | null;
}

/** Whether it speaks of this issuance. */
export function binds(
  { issues, tiers, kinds }: Binding,
  { flow, identity }: Pick<Context, 'flow' | 'identity'>,
): boolean {
  const { definition } = flow;
  return (
    (issues === null || issues.includes(definition.issues)) &&
    (tiers === null || tiers.includes(definition.tier)) &&
    (kinds === null || kinds.includes(identity.kind))
  );
}
