import { Encoding, issuing } from './encoding.ts';
import { escapesOf } from './escapes.ts';
import { or } from './formula/formula.ts';
import type { Side } from './model/model.ts';
import { toSmtLib } from './solve/smt-lib.ts';

/**
 * Whether the second side issues anything that the first does not, as a question to another engine: SMT-LIB 2 that is
 * satisfiable exactly where it does.
 * @throws Unsupported where there are no classes for something, or too many
 */
export function secondOpinion(old: Side, fresh: Side): string {
  return opinionOn(new Encoding(old, fresh));
}

export function opinionOn(encoding: Encoding): string {
  const [old, fresh] = encoding.models;
  const refused = or(...escapesOf(old, fresh).map(({ formula }) => formula));
  const statement = encoding.all([...encoding.axioms, refused, ...issuing(fresh)]);
  return toSmtLib(statement, encoding.grounding.variables);
}
