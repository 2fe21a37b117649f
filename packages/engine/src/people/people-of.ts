import type { Person } from '@writ/core';
import { type ArtefactSet, listedPeople } from '@writ/flow';

/** The people of a set, listed once: a set never changes. */
const listed = new WeakMap<ArtefactSet, readonly Person[]>();

export function peopleOf(set: ArtefactSet): readonly Person[] {
  const known = listed.get(set);
  if (known !== undefined) return known;
  const people = listedPeople(set);
  listed.set(set, people);
  return people;
}
