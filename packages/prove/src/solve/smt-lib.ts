import type { Ground, Variable } from './ground.ts';

/**
 * The statement in SMT-LIB 2, for a second engine's opinion: variables are numbers of values, so that no theory of texts is
 * needed. The answer to `(check-sat)` is `unsat` where there is no such request.
 */
export function toSmtLib(statement: Ground, variables: readonly Variable[]): string {
  const used = new Set<number>();
  const body = write(statement, used);
  const declared = [...used].flatMap((variable) => [
    `(declare-const v${variable} Int)`,
    `(assert (<= 0 v${variable} ${(variables[variable]?.values.length ?? 1) - 1}))`,
  ]);
  return [...declared, `(assert ${body})`].join('\n');
}

function write(statement: Ground, used: Set<number>): string {
  switch (statement.op) {
    case 'true':
    case 'false':
      return statement.op;
    case 'in': {
      used.add(statement.variable);
      const bits = statement.values.toString(2).split('').toReversed();
      const values = bits.flatMap((bit, i) => (bit === '1' ? [`(= v${statement.variable} ${i})`] : []));
      return values.length === 1 ? (values[0] ?? 'false') : `(or ${values.join(' ')})`;
    }
    case 'and':
    case 'or':
      return `(${statement.op} ${statement.args.map((arg) => write(arg, used)).join(' ')})`;
  }
}
