import type { Identity, Person, Session } from '@writ/core';
import { type ArtefactSet, rolesOf } from '@writ/flow';
import { peopleFacts } from '../people/people-facts.ts';
import type { Ports } from '../ports.ts';

/** Who asks, as the set in force knows them; null where it knows them no longer. */
export interface Viewer {
  readonly person: Person;
  /** sees every run and identity */
  readonly all: boolean;
}

export async function viewerOf(ports: Ports, set: ArtefactSet, session: Session): Promise<Viewer | null> {
  const people = await peopleFacts(ports, set, [session.person], ports.now());
  const person = people.find(({ id }) => id === session.person);
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
