import { group as groupName, pathName, person } from '../definition/names.ts';
import {
  choice,
  duration,
  formed,
  list,
  object,
  optional,
  refine,
  required,
  type Shape,
  text,
} from '../document/shape.ts';

/** People by stable name, or by one claim of the identity provider they sign in with (`max-age` in seconds). */
export interface Group {
  readonly id: string;
  readonly members: readonly string[];
  readonly claim: {
    readonly anchor: string;
    readonly name: string;
    readonly value: string;
    readonly maxAge: number;
  } | null;
}

const claim = refine(
  object({
    anchor: required(pathName),
    name: required(text),
    value: required(text),
    'max-age': required(duration),
  }),
  ({ 'max-age': maxAge, ...rest }) => ({ ...rest, maxAge }),
);

const group: Shape<Group> = refine(
  object({ id: required(groupName), members: optional(list(person), null), claim: optional(claim, null) }),
  (value, node, report) => {
    if ((value.members === null) === (value.claim === null))
      report(node.at, 'exactly one of `members` and `claim`');
    return { id: value.id, members: value.members ?? [], claim: value.claim };
  },
);

export const groupsShape: Shape<readonly Group[]> = refine(
  object({ writ: required(choice(['groups/v1'])), groups: required(list(group)) }),
  (value) => value.groups,
);

/** A human as the artefact set knows them; subjects are `issuer#immutable-id`. */
export interface ListedPerson {
  readonly id: string;
  readonly name: string;
  readonly subjects: readonly string[];
}

const listedPerson: Shape<ListedPerson> = object({
  id: required(person),
  name: required(text),
  subjects: required(
    list(formed(/^https?:\/\/[^\s#]+#\S+$/, 'a subject such as https://login.acme.example#7f3c')),
  ),
});

export const peopleShape: Shape<readonly ListedPerson[]> = refine(
  object({ writ: required(choice(['people/v1'])), people: required(list(listedPerson)) }),
  (value, node, report) => {
    const taken = new Map<string, string>();
    for (const { id, subjects } of value.people) {
      for (const subject of subjects) {
        const other = taken.get(subject);
        if (other !== undefined) report(node.at, `the subject ${subject} belongs to ${other} and to ${id}`);
        taken.set(subject, id);
      }
    }
    return value.people;
  },
);
