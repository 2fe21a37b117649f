import { type Atom, atomsOf, type Formula } from '../formula/formula.ts';
import { type Attribute, Unsupported, type Vocabulary } from '../formula/vocabulary.ts';
import { numberClasses } from './number-classes.ts';
import { textClasses } from './text-classes.ts';

/** A value an attribute can have in a counter-example; null where it is absent. */
export type DomainValue = string | number | boolean | null;

/** For texts, numbers and flags their values; for a set the members it can have. */
export type Domains = ReadonlyMap<string, readonly DomainValue[]>;

/** Sets compared with each other: beyond this many, their members have too many patterns of membership. */
const MAX_SETS = 3;

/**
 * Finitely many values for every attribute, so that any request is treated by every atom of the formulas like one made of
 * these (the class encoding). Attributes that are compared with each other share their classes, and there are as many
 * different values of each class as they could need.
 */
export function domainsOf(formulas: readonly Formula[], vocabulary: Vocabulary): Domains {
  const atoms = atomsOf(formulas);
  const mentioned = new Set(atoms.flatMap(attributesOf));
  const domains = new Map<string, readonly DomainValue[]>();
  for (const group of groupsOf(mentioned, atoms)) {
    const attributes = group.map((name) => vocabulary.get(name));
    const mine = atoms.filter((atom) => attributesOf(atom).some((name) => group.includes(name)));
    for (const [name, values] of groupDomains(attributes, mine)) domains.set(name, values);
  }
  return domains;
}

export function attributesOf(atom: Atom): readonly string[] {
  switch (atom.test) {
    case 'same':
    case 'below':
    case 'subset':
    case 'overlap':
      return [atom.left, atom.right];
    case 'contains':
      return [atom.set, ...('of' in atom.member ? [atom.member.of] : [])];
    case 'within':
      return [atom.set, ...atom.members.flatMap((member) => ('of' in member ? [member.of] : []))];
    default:
      return [atom.of];
  }
}

/** Attributes that some atom holds against each other, together. */
function groupsOf(names: ReadonlySet<string>, atoms: readonly Atom[]): readonly (readonly string[])[] {
  const groups = new Map([...names].map((name) => [name, [name]]));
  for (const atom of atoms) {
    const [first = '', ...others] = attributesOf(atom);
    for (const other of others) {
      const [into, from] = [groups.get(first) ?? [], groups.get(other) ?? []];
      if (into === from) continue;
      into.push(...from);
      for (const name of from) groups.set(name, into);
    }
  }
  return [...new Set(groups.values())];
}

function groupDomains(
  attributes: readonly Attribute[],
  atoms: readonly Atom[],
): readonly [string, readonly DomainValue[]][] {
  const kinds = new Set(attributes.map(({ kind }) => (kind === 'set' ? 'text' : kind)));
  if (kinds.size > 1) throw new Unsupported('values of different types are compared');
  const optional = ({ optional: may }: Attribute): readonly DomainValue[] => (may ? [null] : []);
  if (kinds.has('flag')) return attributes.map((each) => [each.name, [...optional(each), false, true]]);
  if (kinds.has('number')) {
    const values = numberClasses(
      constantsOf(atoms, attributes),
      attributes.length,
      attributes.map(({ step }) => step),
    );
    return attributes.map((each) => [
      each.name,
      [
        ...optional(each),
        ...values.filter((value) => value % each.step === 0 && (each.least === null || value >= each.least)),
      ],
    ]);
  }
  return textDomains(attributes, atoms).map(([each, values]) => [
    each.name,
    each.kind === 'set' ? values : [...optional(each), ...values],
  ]);
}

/** Every constant an atom names, and the edges of what an attribute can be. */
function constantsOf(atoms: readonly Atom[], attributes: readonly Attribute[]): readonly number[] {
  return [
    ...atoms.flatMap((atom) =>
      atom.test === 'at-most' || (atom.test === 'is' && typeof atom.value === 'number')
        ? [Number(atom.value)]
        : [],
    ),
    ...attributes.flatMap(({ least, step }) => (least === null ? [] : [least - step])),
  ];
}

function textDomains(
  attributes: readonly Attribute[],
  atoms: readonly Atom[],
): readonly [Attribute, readonly string[]][] {
  const sets = attributes.filter(({ kind }) => kind === 'set').length;
  if (sets > MAX_SETS) throw new Unsupported('too many sets are compared with each other');
  const texts = attributes.length - sets;
  // A value of its own for each text, and a member for each way to be in some of the sets.
  const copies = texts + 2 ** sets - 1;
  const literals = [
    ...new Set([...atoms.flatMap(literalsOf), ...attributes.flatMap(({ closed }) => closed ?? [])]),
  ];
  const tests = {
    literals,
    globs: atoms.flatMap((atom) => (atom.test === 'match' ? [atom.pattern] : [])),
    likes: atoms.flatMap((atom) => (atom.test === 'like' ? [atom.pattern] : [])),
    lengths: atoms.flatMap((atom) => (atom.test === 'length' ? [atom.atMost] : [])),
  };
  const hint = attributes[0]?.name.split(/[. ]/).at(-1)?.replace(/:.*$/, '').replaceAll('_', '-') ?? 'value';
  const closedAll = attributes.every(({ closed }) => closed !== null);
  const values = closedAll ? literals : textClasses(tests, copies, hint);
  return attributes.map((each) => [each, each.closed ?? values]);
}

function literalsOf(atom: Atom): readonly string[] {
  if (atom.test === 'is' && typeof atom.value === 'string') return [atom.value];
  if (atom.test === 'contains') return 'text' in atom.member ? [atom.member.text] : [];
  if (atom.test === 'within')
    return atom.members.flatMap((member) => ('text' in member ? [member.text] : []));
  return [];
}
