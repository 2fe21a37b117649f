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

/**
 * The persons linked to the actors of the accepted evidence, for instance whoever started a CI run; and whether one is
 * linked to nobody. Where any one proof is enough, whoever asks could leave the others out, so that one known actor is enough.
 */
function actors(context: Context): { readonly persons: readonly Person[]; readonly unlinked: boolean } {
  const found = accepted(context).map(({ evidence }) => {
    const claim = context.set.anchors.get(evidence.anchor)?.actor ?? null;
    if (claim === null) return undefined;
    const id = evidence.claims[claim];
    return typeof id === 'string' ? personOfSubject(context.facts.people, `${evidence.issuer}#${id}`) : null;
  });
  const persons = found.filter((person) => person !== null && person !== undefined);
  const any = context.flow.definition.proof.mode === 'any';
  const unlinked = any ? found.length > 0 && found.every((person) => person === null) : found.includes(null);
  return { persons, unlinked };
}

/** The persons behind a word of `not`, and why it does not say who all of them are, if so. */
export interface Behind {
  readonly persons: readonly Person[];
  readonly unknown: string | null;
}

/** Of a machine's run the requester is its owners and its actor; of a person's, that person. */
export function personsBehind(word: string, context: Context): Behind {
  const { facts, flow } = context;
  const owners = ownersIn(context);
  switch (word) {
    case 'owner':
      return known(word, owners);
    case 'actor':
      return known(word, actors(context).persons);
    case 'author':
      return known(word, askers(facts, context));
    case 'requester': {
      if (!('kinds' in flow.definition.request.by)) return known(word, askers(facts, context));
      const { persons, unlinked } = actors(context);
      const all = known(word, [...owners, ...persons]);
      const unknown = all.unknown ?? (unlinked ? unknownWord('actor') : null);
      return { persons: all.persons, unknown };
    }
    default:
      return known(word, []);
  }
}

function unknownWord(word: string): string {
  return `nobody is known to be the ${word}, who must not approve`;
}

function known(word: string, persons: readonly Person[]): Behind {
  return { persons, unknown: persons.length > 0 ? null : unknownWord(word) };
}

/** Owners and deputies, of a proposal those that it replaces as well. */
function ownersIn({ facts, identity }: Context): readonly Person[] {
  return [identity, ...(facts.before === null ? [] : [facts.before])].flatMap(({ owner, deputy }) => [
    ...membersOf(facts.people, owner),
    ...membersOf(facts.people, deputy),
  ]);
}

function askers(facts: Facts, context: Context): readonly Person[] {
  return accepted(context).flatMap(({ evidence }) => personOfEvidence(facts.people, evidence) ?? []);
}
