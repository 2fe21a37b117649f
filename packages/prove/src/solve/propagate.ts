import { all, any, type Ground, type GroundChoice, type GroundLiteral } from './ground.ts';

/** For every variable the values it can still have. */
export type Masks = readonly bigint[];

/** Choices by the level at which they were made, a bit for each. */
export type Levels = bigint;

/** Something that holds, because of the choices at some levels. */
export interface Part {
  readonly ground: Ground;
  readonly why: Levels;
}

/** One of several must hold; simplified by what was known at that time. */
export interface Clause extends Part {
  readonly ground: GroundChoice;
  readonly at: number;
}

const TRUE: Ground = { op: 'true' };
const FALSE: Ground = { op: 'false' };

/** What is known of the variables, and because of which choices. */
export class Propagation {
  readonly #masks: bigint[];
  readonly #full: Masks;
  /** by variable, the levels that narrowed it, and when it was narrowed last */
  readonly #why: Levels[];
  readonly #changed: number[];
  #now = 1;
  /** levels that what is being simplified was simplified by */
  #reasons: Levels = 0n;

  constructor(full: Masks) {
    this.#full = full;
    this.#masks = [...full];
    this.#why = full.map(() => 0n);
    this.#changed = full.map(() => 0);
  }

  get masks(): Masks {
    return this.#masks;
  }

  copy(): Propagation {
    const copied = new Propagation(this.#full);
    this.#masks.forEach((mask, i) => {
      copied.#masks[i] = mask;
      copied.#why[i] = this.#why[i] ?? 0n;
      copied.#changed[i] = this.#changed[i] ?? 0;
    });
    copied.#now = this.#now;
    return copied;
  }

  /** All values but those of the literal. */
  complement({ variable, values }: GroundLiteral): Ground {
    return { op: 'in', variable, values: (this.#full[variable] ?? 0n) & ~values };
  }

  /** Applies everything that stands alone, until nothing more does: the clauses that are left, or why there is no answer. */
  apply(parts: readonly (Part | Clause)[]): readonly Clause[] | Levels {
    for (let waiting = parts; ; ) {
      const before = this.#now;
      const left: Clause[] = [];
      for (const part of waiting) {
        const conflict = this.#take(part, left);
        if (conflict !== null) return conflict;
      }
      if (this.#now === before) return left;
      waiting = left;
    }
  }

  /** Puts what is left of a part among the clauses; answers the levels of a conflict, or null. */
  #take(part: Part | Clause, left: Clause[]): Levels | null {
    if ('at' in part && !this.#touched(part.ground, part.at)) {
      left.push(part);
      return null;
    }
    this.#reasons = part.why;
    const ground = this.#simplify(part.ground);
    const why = this.#reasons;
    if (ground.op === 'true') return null;
    if (ground.op === 'false') return why;
    for (const each of ground.op === 'and' ? ground.args : [ground]) {
      if (each.op === 'or') left.push({ ground: each, why, at: this.#now });
      else if (each.op === 'in') {
        const conflict = this.#narrow(each, why);
        if (conflict !== null) return conflict;
      }
    }
    return null;
  }

  #narrow({ variable, values }: GroundLiteral, why: Levels): Levels | null {
    const mask = this.#masks[variable] ?? 0n;
    const both = mask & values;
    if (both === mask) return null;
    const because = why | (this.#why[variable] ?? 0n);
    if (both === 0n) return because;
    this.#masks[variable] = both;
    this.#why[variable] = because;
    this.#now += 1;
    this.#changed[variable] = this.#now;
    return null;
  }

  /** Whether anything has become known of its variables since then. */
  #touched(ground: GroundChoice, at: number): boolean {
    for (const variable of variablesOf(ground)) if ((this.#changed[variable] ?? 0) > at) return true;
    return false;
  }

  #simplify(ground: Ground): Ground {
    switch (ground.op) {
      case 'true':
      case 'false':
        return ground;
      case 'in': {
        const mask = this.#masks[ground.variable] ?? 0n;
        const both = mask & ground.values;
        if (both === mask) return TRUE;
        if (both !== 0n) return ground;
        this.#reasons |= this.#why[ground.variable] ?? 0n;
        return FALSE;
      }
      case 'and':
      case 'or': {
        const deciding = ground.op === 'and' ? 'false' : 'true';
        let args: Ground[] | null = null;
        for (const [i, arg] of ground.args.entries()) {
          const simple = this.#simplify(arg);
          if (simple.op === deciding) return simple;
          if (simple !== arg && args === null) args = ground.args.slice(0, i);
          args?.push(simple);
        }
        if (args === null) return ground;
        return ground.op === 'and' ? all(args) : any(args);
      }
    }
  }
}

const variables = new WeakMap<Ground, readonly number[]>();

/** The variables a statement speaks of, each once. */
function variablesOf(ground: Ground): readonly number[] {
  if (ground.op === 'in') return [ground.variable];
  if (ground.op !== 'and' && ground.op !== 'or') return [];
  const known = variables.get(ground);
  if (known !== undefined) return known;
  const found = [...new Set(ground.args.flatMap(variablesOf))];
  variables.set(ground, found);
  return found;
}
