import type { Atom, Formula, Member } from './formula.ts';

/**
 * One object for all formulas that are written alike, so that what both sides of a comparison say is compared, searched and
 * turned into values once. Unequal objects may still mean the same.
 */
export class Interner {
  readonly #known = new Map<string, Formula>();
  readonly #ids = new Map<Formula, number>();
  readonly #memo = new Map<Formula, Formula>();

  of(formula: Formula): Formula {
    const known = this.#memo.get(formula);
    if (known !== undefined) return known;
    const made = this.#make(formula);
    this.#memo.set(formula, made);
    return made;
  }

  #make(formula: Formula): Formula {
    switch (formula.op) {
      case 'true':
      case 'false':
        return this.#one(formula.op, formula);
      case 'atom':
        return this.#one(keyOf(formula.atom), formula);
      case 'not': {
        const arg = this.of(formula.arg);
        return this.#one(`!${this.#id(arg)}`, arg === formula.arg ? formula : { op: 'not', arg });
      }
      case 'and':
      case 'or': {
        const args = formula.args.map((arg) => this.of(arg));
        const key = `${formula.op}${args.map((arg) => this.#id(arg)).join(',')}`;
        return this.#one(key, { op: formula.op, args });
      }
    }
  }

  #one(key: string, formula: Formula): Formula {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, formula);
    this.#ids.set(formula, this.#ids.size);
    this.#memo.set(formula, formula);
    return formula;
  }

  #id(formula: Formula): number {
    return this.#ids.get(formula) ?? -1;
  }
}

/** Lengths stand before texts, so that no two atoms share a key. */
function keyOf(atom: Atom): string {
  switch (atom.test) {
    case 'present':
      return `present ${text(atom.of)}`;
    case 'is':
      return `is ${text(atom.of)} ${typeof atom.value} ${atom.value}`;
    case 'at-most':
      return `at-most ${text(atom.of)} ${atom.value}`;
    case 'length':
      return `length ${text(atom.of)} ${atom.atMost}`;
    case 'match':
      return `match ${text(atom.of)} ${atom.pattern}`;
    case 'like':
      return `like ${text(atom.of)} ${JSON.stringify(atom.pattern)}`;
    case 'same':
    case 'below':
    case 'subset':
    case 'overlap':
      return `${atom.test} ${text(atom.left)} ${atom.right}`;
    case 'contains':
      return `contains ${text(atom.set)} ${member(atom.member)}`;
    case 'within':
      return `within ${text(atom.set)} ${atom.members.map(member).join(' ')}`;
  }
}

function text(of: string): string {
  return `${of.length}:${of}`;
}

function member(of: Member): string {
  return 'of' in of ? `of ${text(of.of)}` : `text ${text(of.text)}`;
}
