import { type AttributeType, KIND_ATTRIBUTES } from '@writ/core';
import type { FieldDefinition } from '@writ/flow';
import type { Found } from '../formula/compile-condition.ts';
import { atom, FALSE, type Formula, TRUE } from '../formula/formula.ts';
import type { Attribute, Unit, Vocabulary } from '../formula/vocabulary.ts';
import type { LeafType } from './names.ts';

/** The attributes of every identity; those of its kind are optional texts and sets. */
export const IDENTITY_TYPES: Readonly<Record<string, LeafType>> = {
  uri: 'string',
  kind: 'string',
  status: 'string',
  owner: 'string',
  deputy: 'string',
  purpose: 'string',
  environment: 'string',
  expires: 'datetime',
  revision: 'long',
  revision_reviewed: 'bool',
  previously_revoked: 'bool',
};

export const KIND_TYPES: Readonly<Record<string, LeafType>> = Object.fromEntries(
  Object.values(KIND_ATTRIBUTES)
    .flat()
    .map((name): [string, LeafType] => [
      name,
      name === 'data_sets' || name === 'commands' ? 'set' : 'string',
    ]),
);

const KINDS: Readonly<Record<LeafType, Attribute['kind']>> = {
  string: 'text',
  long: 'number',
  bool: 'flag',
  set: 'set',
  duration: 'number',
  datetime: 'number',
  decimal: 'number',
};

export function attributeOf(type: LeafType): { kind: Attribute['kind']; unit: Unit } {
  const unit = type === 'duration' || type === 'datetime' || type === 'decimal' ? type : 'long';
  return { kind: KINDS[type], unit };
}

export function kindOfField(type: FieldDefinition['type']): Attribute['kind'] {
  return KINDS[type];
}

/** The scalars and sets of a type, with where they stand in it. */
export function leavesOf(
  type: AttributeType,
  path: readonly string[] = [],
): readonly { path: readonly string[]; type: Exclude<AttributeType, { type: 'record' }> }[] {
  if (type.type !== 'record') return [{ path, type }];
  return Object.entries(type.members).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}

/** An attribute where it is there for certain, or asked for. */
export function foundAttribute(vocabulary: Vocabulary, name: string, given: Formula = TRUE): Found {
  const { kind, optional } = vocabulary.get(name);
  const there = optional ? atom({ test: 'present', of: name }) : TRUE;
  const present =
    given.op === 'true' ? there : there.op === 'true' ? given : { op: 'and' as const, args: [given, there] };
  return { present, kind, attribute: name };
}

export const NOWHERE: Found = { present: FALSE, kind: 'text', attribute: '' };
