import type { Person } from '@writ/core';
import type { ArtefactSet } from '@writ/flow';
import type { Ports } from '../ports.ts';
import { groupsByClaim } from './groups-by-claim.ts';
import { peopleOf } from './people-of.ts';
import { readSignIn } from './sessions.ts';

/** Sign-ins of one person that are looked at, the newest of them. */
const MOST = 1_000;

/**
 * The people of the set; those named by `persons` with the groups that their sign-ins give them for as long as the group
 * says. Where no group is a claim nobody's sign-ins are read.
 */
export async function peopleFacts(
  ports: Ports,
  set: ArtefactSet,
  persons: readonly string[],
  now: number,
): Promise<readonly Person[]> {
  const people = peopleOf(set);
  if (persons.length === 0 || ![...set.groups.values()].some(({ claim }) => claim !== null)) return people;
  return Promise.all(
    people.map(async (person) =>
      persons.includes(person.id) ? withClaims(ports, set, person, now) : person,
    ),
  );
}

async function withClaims(ports: Ports, set: ArtefactSet, person: Person, now: number): Promise<Person> {
  const rows = await ports.store.read.rows('sessions', { column: 'person', equals: person.id, limit: MOST });
  const claimed = rows.flatMap((row) => {
    const signIn = readSignIn(ports, row);
    return signIn === null ? [] : groupsByClaim(set, signIn, now);
  });
  return { ...person, groups: [...new Set([...person.groups, ...claimed])] };
}
