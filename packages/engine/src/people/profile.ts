import type { Session } from '@writ/core';
import { type Role, rolesOf } from '@writ/flow';
import type { Given } from './person-commit.ts';

/** Who is signed in, and what they may do. */
export interface Profile {
  readonly person: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly roles: readonly Role[];
}

/** Null where the person is in the artefact set no more. */
export async function profileOf({ inForce, sessions }: Given, session: Session): Promise<Profile | null> {
  const person = await sessions.person(session);
  const set = await inForce.current();
  const name = set.people.find(({ id }) => id === person?.id)?.name;
  if (person === null || name === undefined) return null;
  return { person: person.id, name, groups: person.groups, roles: rolesOf(set, person) };
}
