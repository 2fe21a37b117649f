import type { Identity, Person, Session } from '@writ/core';
import { type ArtefactSet, rolesOf } from '@writ/flow';
import { peopleOf } from '../gather-facts.ts';

/** Who asks, as the set in force knows them; null where it knows them no longer. */
export interface Viewer {
  readonly person: Person;
  /** sees every run and identity */
  readonly all: boolean;
}

export function viewerOf(set: ArtefactSet, session: Session): Viewer | null {
  const person = peopleOf(set).find(({ id }) => id === session.person);
  if (person === undefined) return null;
  const roles = rolesOf(set, person);
  return {
    person,
    all: roles.some((role) => role === 'operator' || role === 'auditor' || role === 'responder'),
  };
}

/** Whether `who` (`user:…` or `group:…`) is, or has among them, this person. */
export function isBehind({ id, groups }: Person, who: string): boolean {
  return who === id || groups.includes(who);
}

export function seesIdentity({ person, all }: Viewer, { owner, deputy }: Identity): boolean {
  return all || isBehind(person, owner) || isBehind(person, deputy);
}
