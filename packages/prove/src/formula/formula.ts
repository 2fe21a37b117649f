/** What one atom asks of named attributes of a request. An atom over an absent attribute is false. */
export type Atom =
  | { readonly test: 'present'; readonly of: string }
  | { readonly test: 'is'; readonly of: string; readonly value: Scalar }
  /** Cedar's `like`: null stands for any characters, `/` among them */
  | { readonly test: 'like'; readonly of: string; readonly pattern: readonly (string | null)[] }
  /** a pattern of `match`: `*` never crosses `/` */
  | { readonly test: 'match'; readonly of: string; readonly pattern: string }
  | { readonly test: 'at-most'; readonly of: string; readonly value: number }
  /** no longer than so many UTF-16 units */
  | { readonly test: 'length'; readonly of: string; readonly atMost: number }
  | { readonly test: 'same'; readonly left: string; readonly right: string }
  | { readonly test: 'below'; readonly left: string; readonly right: string }
  | { readonly test: 'contains'; readonly set: string; readonly member: Member }
  /** every member of the set is among these */
  | { readonly test: 'within'; readonly set: string; readonly members: readonly Member[] }
  | { readonly test: 'subset'; readonly left: string; readonly right: string }
  | { readonly test: 'overlap'; readonly left: string; readonly right: string };

export type Scalar = string | number | boolean;

/** A member of a set: a text, or the value of an attribute. */
export type Member = { readonly text: string } | { readonly of: string };

/** A statement about a request. Parts may be shared; nothing is ever changed in place. */
export type Formula =
  | { readonly op: 'true' }
  | { readonly op: 'false' }
  | { readonly op: 'atom'; readonly atom: Atom }
  | { readonly op: 'not'; readonly arg: Formula }
  | { readonly op: 'and' | 'or'; readonly args: readonly Formula[] };

export const TRUE: Formula = { op: 'true' };
export const FALSE: Formula = { op: 'false' };

export function atom(each: Atom): Formula {
  return { op: 'atom', atom: each };
}

export function not(arg: Formula): Formula {
  if (arg.op === 'true') return FALSE;
  if (arg.op === 'false') return TRUE;
  return arg.op === 'not' ? arg.arg : { op: 'not', arg };
}

export function and(...args: readonly Formula[]): Formula {
  return join('and', args);
}

export function or(...args: readonly Formula[]): Formula {
  return join('or', args);
}

export function implies(premise: Formula, conclusion: Formula): Formula {
  return or(not(premise), conclusion);
}

function join(op: 'and' | 'or', args: readonly Formula[]): Formula {
  const [neutral, deciding] = op === 'and' ? (['true', 'false'] as const) : (['false', 'true'] as const);
  const flat = args.flatMap((arg) => (arg.op === op ? arg.args : [arg])).filter((arg) => arg.op !== neutral);
  if (flat.some((arg) => arg.op === deciding)) return { op: deciding };
  const [first] = flat;
  if (first === undefined) return { op: neutral };
  return flat.length === 1 ? first : { op, args: flat };
}

/** The attribute is one of these texts. */
export function oneOf(of: string, values: readonly Scalar[]): Formula {
  return or(...values.map((value) => atom({ test: 'is', of, value })));
}

export function atMost(of: string, value: number): Formula {
  return atom({ test: 'at-most', of, value });
}

export function flag(of: string, value = true): Formula {
  return atom({ test: 'is', of, value });
}

/** Every atom of these formulas, shared parts once. */
export function atomsOf(formulas: readonly Formula[]): readonly Atom[] {
  const seen = new Set<Formula>();
  const atoms: Atom[] = [];
  const stack = [...formulas];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.op === 'atom') atoms.push(next.atom);
    else if (next.op === 'not') stack.push(next.arg);
    else if (next.op === 'and' || next.op === 'or') stack.push(...next.args);
  }
  return atoms;
}
