import {
  choice,
  flag,
  list,
  object,
  optional,
  refine,
  required,
  type Shape,
  text,
  whole,
} from '../document/shape.ts';
import type { FieldDefinition } from './definition.ts';

/** A request field. What is left open is bounded all the same: 1,000 characters, 100 members. */
export const field: Shape<FieldDefinition> = refine(
  object({
    type: required(choice(['string', 'set', 'long', 'bool'])),
    'one-of': optional(list(text), null),
    'subset-of': optional(list(text), null),
    'max-length': optional(whole(1, 10_000), null),
    required: required(flag),
    'in-token': optional(flag, false),
  }),
  (value, node, report) => {
    if (value['one-of'] !== null && value.type !== 'string') report(node.at, '`one-of` is for a string');
    if (value['subset-of'] !== null && value.type !== 'set') report(node.at, '`subset-of` is for a set');
    if (value['max-length'] !== null && value.type !== 'string')
      report(node.at, '`max-length` is for a string');
    return {
      type: value.type,
      oneOf: value['one-of'],
      subsetOf: value['subset-of'],
      maxLength: value['max-length'],
      required: value.required,
      inToken: value['in-token'],
    };
  },
);
