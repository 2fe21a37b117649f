import type { Ground, Variable } from './ground.ts';

/**
 * The statement in SMT-LIB 2, for a second engine's opinion: variables are numbers of values, so that no theory of texts is
 * needed, and parts that are shared are written once. `(check-sat)` answers `unsat` where there is no such request.
 */
export function toSmtLib(statement: Ground, variables: readonly Variable[]): string {
  const lines: string[] = [];
  const declared = new Set<number>();
  const named = new Map<Ground, string>();

  const literal = ({ variable, values }: Ground & { op: 'in' }): string => {
    if (!declared.has(variable)) {
      declared.add(variable);
      const last = (variables[variable]?.values.length ?? 1) - 1;
      lines.push(`(declare-const v${variable} Int)`, `(assert (<= 0 v${variable} ${last}))`);
    }
    const runs = runsOf(values).map(([low, high]) =>
      low === high ? `(= v${variable} ${low})` : `(<= ${low} v${variable} ${high})`,
    );
    return runs.length === 1 ? (runs[0] ?? 'false') : `(or ${runs.join(' ')})`;
  };

  const write = (part: Ground): string => {
    if (part.op === 'true' || part.op === 'false') return part.op;
    const known = named.get(part);
    if (known !== undefined) return known;
    const text = part.op === 'in' ? literal(part) : `(${part.op} ${part.args.map(write).join(' ')})`;
    const name = `p${named.size}`;
    named.set(part, name);
    lines.push(`(define-fun ${name} () Bool ${text})`);
    return name;
  };

  const whole = write(statement);
  return [...lines, `(assert ${whole})`].join('\n');
}

/** The values of a set of bits as runs from one to another. */
function runsOf(values: bigint): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  const bits = values.toString(2).split('').toReversed();
  for (const [i, bit] of bits.entries()) {
    if (bit !== '1') continue;
    const last = runs.at(-1);
    if (last !== undefined && last[1] === i - 1) last[1] = i;
    else runs.push([i, i]);
  }
  return runs;
}
