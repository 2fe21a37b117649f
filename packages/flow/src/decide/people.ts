import type { Evidence, Facts, Person } from '@writ/core';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import { accepted, type Context } from './context.ts';

/** The people of the artefact set with their groups. */
export function listedPeople(set: ArtefactSet): readonly Person[] {
  return set.people.map(({ id, subjects }) => ({
    id,
    subjects,
    groups: [...set.groups.values()].filter(({ members }) => members.includes(id)).map((group) => group.id),
  }));
}

/** The person a subject (`issuer#id`) is linked to, or null. */
export function personOfSubject(people: readonly Person[], subject: string): Person | null {
  return people.find(({ subjects }) => subjects.includes(subject)) ?? null;
}

/** The person whom evidence is about: the one its `subject` or `sub` is linked to. */
export function personOfEvidence(people: readonly Person[], evidence: Evidence): Person | null {
  const id = evidence.claims['subject'] ?? evidence.claims['sub'];
  return typeof id === 'string' ? personOfSubject(people, `${evidence.issuer}#${id}`) : null;
}

/** `user:…` is that person, `group:…` its members. */
export function membersOf(people: readonly Person[], who: string): readonly Person[] {
  return people.filter(({ id, groups }) => id === who || groups.includes(who));
}

/** The person linked to the actor of the accepted evidence, for instance whoever started a CI run. */
function actors(context: Context): readonly Person[] {
  return accepted(context).flatMap(({ evidence }) => {
    const claim = context.set.anchors.get(evidence.anchor)?.actor ?? null;
    const id = claim === null ? undefined : evidence.claims[claim];
    const person =
      typeof id === 'string' ? personOfSubject(context.facts.people, `${evidence.issuer}#${id}`) : null;
    return person === null ? [] : [person];
  });
}

/** The persons behind a word of `not`. Of a machine's run the requester is its owners and its actor; of a person's, that person. */
export function personsBehind(word: string, context: Context): readonly Person[] {
  const { facts, identity, flow } = context;
  const owners = [...membersOf(facts.people, identity.owner), ...membersOf(facts.people, identity.deputy)];
  switch (word) {
    case 'owner':
      return owners;
    case 'actor':
      return actors(context);
    case 'requester':
      return 'kinds' in flow.definition.request.by ? [...owners, ...actors(context)] : askers(facts, context);
    default:
      return [];
  }
}

function askers(facts: Facts, context: Context): readonly Person[] {
  return accepted(context).flatMap(({ evidence }) => personOfEvidence(facts.people, evidence) ?? []);
}
