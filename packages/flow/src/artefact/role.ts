import type { Person } from '@writ/core';
import { group } from '../definition/names.ts';
import { choice, list, object, refine, required, type Shape } from '../document/shape.ts';

/**
 * What a person may do with Writ itself. Who may request, approve or own something is said by flows and identities, and
 * needs no role.
 */
export const ROLES = [
  'flow-author',
  'flow-reviewer',
  'operator',
  'responder',
  'auditor',
  'administrator',
] as const;
export type Role = (typeof ROLES)[number];

/** A role, and the groups whose members have it. */
export interface NamedRole {
  readonly role: Role;
  readonly groups: readonly string[];
}

const role: Shape<NamedRole> = refine(
  object({ role: required(choice(ROLES)), groups: required(list(group)) }),
  (value, node, report) => {
    if (value.groups.length === 0)
      report(node.at, `nobody has the role \`${value.role}\`: name a group or leave it out`);
    return value;
  },
);

export const rolesShape: Shape<readonly NamedRole[]> = refine(
  object({ writ: required(choice(['roles/v1'])), roles: required(list(role)) }),
  (value) => value.roles,
);

/** The roles of a person, by their groups, in the order of `ROLES`. Where no file says anything, nobody has any. */
export function rolesOf(
  set: { readonly roles: ReadonlyMap<Role, readonly string[]> },
  person: Pick<Person, 'groups'>,
): readonly Role[] {
  return ROLES.filter((each) => (set.roles.get(each) ?? []).some((id) => person.groups.includes(id)));
}
