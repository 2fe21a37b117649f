import type { Reason } from '@writ/core';
import type { StaticEncode, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Problem } from '../problem.ts';
import { missingIn, wrongIn } from './shape-faults.ts';

/** Reasons in one answer at most: whoever makes a thousand mistakes is not helped by a thousand lines. */
const MOST_REASONS = 50;

/** Gives back what has the shape. `more`: what else is wrong with it. @throws Problem `invalid` */
export type ReadShape<S extends TSchema> = (value: unknown, more?: readonly Reason[]) => StaticEncode<S>;

/**
 * A strict reader: nothing is converted, filled in or left out. What it refuses is told with every missing member first,
 * and then everything that is wrong with the others, all at once. Compiled when it is first used.
 */
export function shapeReader<S extends TSchema>(schema: S): ReadShape<S> {
  const compile = () => Compile(schema);
  let validator: ReturnType<typeof compile> | null = null;
  return (value, more = []) => {
    validator ??= compile();
    if (more.length === 0 && validator.Check(value)) return value;
    const reasons = [...missingIn(schema, value), ...more, ...wrongIn(schema, validator.Errors(value))];
    const told = reasons.slice(0, MOST_REASONS);
    throw new Problem('invalid', { detail: told.map(({ message }) => message).join('; '), reasons: told });
  };
}
