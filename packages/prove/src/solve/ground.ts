import { compilePattern, likeMatches, matchesPattern } from '@writ/flow';
import type { Domains, DomainValue } from '../domain/domains.ts';
import type { Atom, Formula, Member } from '../formula/formula.ts';
import type { Vocabulary } from '../formula/vocabulary.ts';

/** A variable of the search: an attribute, or whether a set has one member. */
export interface Variable {
  readonly name: string;
  readonly values: readonly DomainValue[];
}

/** A formula in negation normal form over variables; `values` has a bit for each value of the variable. */
export type Ground =
  | { readonly op: 'true' }
  | { readonly op: 'false' }
  | GroundLiteral
  | { readonly op: 'and'; readonly args: readonly Ground[] }
  | GroundChoice;

export interface GroundLiteral {
  readonly op: 'in';
  readonly variable: number;
  readonly values: bigint;
}

export interface GroundChoice {
  readonly op: 'or';
  readonly args: readonly Ground[];
}

const TRUE: Ground = { op: 'true' };
const FALSE: Ground = { op: 'false' };

/** Turns formulas into statements over finitely many values, by the runtime's own matching. */
export class Grounding {
  readonly variables: Variable[] = [];
  readonly #index = new Map<string, number>();
  readonly #domains: Domains;
  readonly #vocabulary: Vocabulary;
  readonly #memo = new Map<Formula, [Ground?, Ground?]>();

  constructor(domains: Domains, vocabulary: Vocabulary) {
    this.#domains = domains;
    this.#vocabulary = vocabulary;
  }

  ground(formula: Formula, positive = true): Ground {
    const known = this.#memo.get(formula) ?? [];
    const at = positive ? 1 : 0;
    const made = known[at] ?? this.#ground(formula, positive);
    known[at] = made;
    this.#memo.set(formula, known);
    return made;
  }

  #ground(formula: Formula, positive: boolean): Ground {
    switch (formula.op) {
      case 'true':
        return positive ? TRUE : FALSE;
      case 'false':
        return positive ? FALSE : TRUE;
      case 'not':
        return this.ground(formula.arg, !positive);
      case 'atom': {
        const made = this.#atom(formula.atom);
        return positive ? made : this.#negate(made);
      }
      default: {
        const args = formula.args.map((arg) => this.ground(arg, positive));
        return (formula.op === 'and') === positive ? all(args) : any(args);
      }
    }
  }

  #atom(atom: Atom): Ground {
    switch (atom.test) {
      case 'present': {
        const attribute = this.#vocabulary.get(atom.of);
        if (attribute.kind !== 'set') return this.#where(atom.of, (value) => value !== null);
        return attribute.optional ? this.#where(presenceOf(atom.of), (value) => value === true) : TRUE;
      }
      case 'is':
        return this.#where(atom.of, (value) => value === atom.value);
      case 'like':
        return this.#where(atom.of, (value) => typeof value === 'string' && likeMatches(value, atom.pattern));
      case 'match': {
        const pattern = compilePattern(atom.pattern);
        return this.#where(atom.of, (value) => typeof value === 'string' && matchesPattern(pattern, value));
      }
      case 'at-most':
        return this.#where(atom.of, (value) => typeof value === 'number' && value <= atom.value);
      case 'length':
        return this.#where(atom.of, (value) => typeof value === 'string' && value.length <= atom.atMost);
      case 'same':
        return this.#pairs(atom.left, atom.right, (a, b) => a !== null && a === b);
      case 'below':
        return this.#pairs(atom.left, atom.right, (a, b) => a !== null && b !== null && a < b);
      case 'contains':
        return 'text' in atom.member
          ? this.#has(atom.set, atom.member.text)
          : this.#holdsValue(atom.set, atom.member.of);
      case 'within':
        return all(
          this.#members(atom.set).map((text) =>
            any([
              this.#negate(this.#has(atom.set, text)),
              ...atom.members.map((each) => this.#equals(each, text)),
            ]),
          ),
        );
      case 'subset':
        return all(
          this.#members(atom.left).map((text) =>
            any([this.#negate(this.#has(atom.left, text)), this.#has(atom.right, text)]),
          ),
        );
      case 'overlap':
        return any(
          this.#members(atom.left).map((text) =>
            all([this.#has(atom.left, text), this.#has(atom.right, text)]),
          ),
        );
    }
  }

  #members(set: string): readonly string[] {
    return (this.#domains.get(set) ?? []).filter((value) => typeof value === 'string');
  }

  #has(set: string, text: string): Ground {
    return this.#members(set).includes(text)
      ? this.#where(memberOf(set, text), (value) => value === true)
      : FALSE;
  }

  #holdsValue(set: string, of: string): Ground {
    return any(
      this.#values(of)
        .filter((value) => typeof value === 'string')
        .map((text) => all([this.#where(of, (value) => value === text), this.#has(set, text)])),
    );
  }

  #equals(member: Member, text: string): Ground {
    if ('of' in member) return this.#where(member.of, (value) => value === text);
    return member.text === text ? TRUE : FALSE;
  }

  #pairs(
    left: string,
    right: string,
    holds: (a: NonNullable<DomainValue>, b: NonNullable<DomainValue>) => boolean,
  ): Ground {
    return any(
      this.#values(left).map((a) =>
        a === null
          ? FALSE
          : all([
              this.#where(left, (value) => value === a),
              this.#where(right, (b) => b !== null && holds(a, b)),
            ]),
      ),
    );
  }

  #values(name: string): readonly DomainValue[] {
    return this.#domains.get(name) ?? FLAG;
  }

  #where(name: string, wanted: (value: DomainValue) => boolean): Ground {
    const values = this.#values(name);
    let bits = 0n;
    for (const [i, value] of values.entries()) if (wanted(value)) bits |= 1n << BigInt(i);
    if (bits === 0n) return FALSE;
    if (bits === full(values.length)) return TRUE;
    return { op: 'in', variable: this.#variable(name, values), values: bits };
  }

  #variable(name: string, values: readonly DomainValue[]): number {
    const known = this.#index.get(name);
    if (known !== undefined) return known;
    this.#index.set(name, this.variables.length);
    this.variables.push({ name, values });
    return this.variables.length - 1;
  }

  #negate(ground: Ground): Ground {
    switch (ground.op) {
      case 'true':
        return FALSE;
      case 'false':
        return TRUE;
      case 'in': {
        const { length } = this.variables[ground.variable]?.values ?? [];
        return { ...ground, values: full(length) & ~ground.values };
      }
      case 'and':
        return any(ground.args.map((arg) => this.#negate(arg)));
      case 'or':
        return all(ground.args.map((arg) => this.#negate(arg)));
    }
  }
}

const FLAG: readonly DomainValue[] = [false, true];

/** The variable that says whether an optional set is there at all. */
export function presenceOf(set: string): string {
  return `${set} is there`;
}

/** The variable that says whether a set has a member. */
export function memberOf(set: string, text: string): string {
  return `${set} has ${text}`;
}

export function full(size: number): bigint {
  return (1n << BigInt(size)) - 1n;
}

export function all(args: readonly Ground[]): Ground {
  return join('and', args);
}

export function any(args: readonly Ground[]): Ground {
  return join('or', args);
}

function join(op: 'and' | 'or', args: readonly Ground[]): Ground {
  const [neutral, deciding] = op === 'and' ? (['true', 'false'] as const) : (['false', 'true'] as const);
  const flat: Ground[] = [];
  for (const arg of args) {
    if (arg.op === deciding) return arg;
    if (arg.op === op) flat.push(...arg.args);
    else if (arg.op !== neutral) flat.push(arg);
  }
  const [first] = flat;
  if (first === undefined) return op === 'and' ? TRUE : FALSE;
  return flat.length === 1 ? first : { op, args: flat };
}
