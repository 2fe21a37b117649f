import { KIND_ATTRIBUTES } from '@writ/core';
import { membersOf } from '../people.ts';
import { type Assess, fail, notApplicable, pass } from './assessed.ts';

/** Whose the identity is. A deputy who is nobody but the owner is none. */
export const ownerAndDeputy: Assess = ({ facts, identity }) => {
  const owners = membersOf(facts.people, identity.owner);
  const deputies = membersOf(facts.people, identity.deputy);
  if (owners.length === 0) return fail(`nobody is behind the owner \`${identity.owner}\``);
  if (deputies.length === 0) return fail(`nobody is behind the deputy \`${identity.deputy}\``);
  if (new Set([...owners, ...deputies].map(({ id }) => id)).size < 2)
    return fail(`the owner \`${identity.owner}\` and the deputy \`${identity.deputy}\` are one person`);
  return pass(`\`${identity.owner}\` owns it and \`${identity.deputy}\` is the deputy`);
};

export const purposeRecorded: Assess = ({ identity }) =>
  identity.purpose.trim() === '' ? fail('no purpose is recorded') : pass(`it is for \`${identity.purpose}\``);

/** An empty list is a recorded answer: an agent may be given no command. */
export const kindRecorded: Assess = ({ identity }) => {
  const named = KIND_ATTRIBUTES[identity.kind];
  if (named.length === 0) return notApplicable(`nothing more belongs to the kind ${identity.kind}`);
  const missing = named.filter((attribute) => (identity.attributes[attribute] ?? '') === '');
  return missing.length === 0
    ? pass(`${named.join(', ')} of the ${identity.kind} are recorded`)
    : fail(
        `${missing.join(', ')} of the ${identity.kind} ${missing.length === 1 ? 'is' : 'are'} not recorded`,
      );
};
