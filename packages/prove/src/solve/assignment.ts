import type { Domains, DomainValue } from '../domain/domains.ts';
import { type Ground, memberOf, presenceOf, type Variable } from './ground.ts';
import type { Masks } from './search.ts';

/** Which value each variable has, by its place in the variable's list. */
export type Picks = readonly number[];

/** The first value that each mask leaves: absent before present, false before true, the unnamed before the named. */
export function pick(masks: Masks): Picks {
  return masks.map((mask) => {
    const lowest = mask & -mask;
    return lowest.toString(2).length - 1;
  });
}

export function evaluate(statement: Ground, picks: Picks): boolean {
  switch (statement.op) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'in':
      return (statement.values & (1n << BigInt(picks[statement.variable] ?? 0))) !== 0n;
    case 'and':
      return statement.args.every((arg) => evaluate(arg, picks));
    case 'or':
      return statement.args.some((arg) => evaluate(arg, picks));
  }
}

/** One concrete value for every attribute that matters. */
export class Assignment {
  readonly #values: ReadonlyMap<string, DomainValue>;
  readonly #domains: Domains;

  constructor(variables: readonly Variable[], picks: Picks, domains: Domains) {
    this.#values = new Map(variables.map(({ name, values }, i) => [name, values[picks[i] ?? 0] ?? null]));
    this.#domains = domains;
  }

  /** Undefined where nothing that was asked depends on it. */
  get(name: string): DomainValue | undefined {
    return this.#values.get(name);
  }

  text(name: string, otherwise: string): string {
    const value = this.get(name);
    return typeof value === 'string' ? value : otherwise;
  }

  number(name: string, otherwise: number): number {
    const value = this.get(name);
    return typeof value === 'number' ? value : otherwise;
  }

  flag(name: string, otherwise = false): boolean {
    const value = this.get(name);
    return typeof value === 'boolean' ? value : otherwise;
  }

  /** The members of a set, sorted. */
  members(set: string): readonly string[] {
    const all = (this.#domains.get(set) ?? []).filter((value) => typeof value === 'string');
    return all.filter((text) => this.flag(memberOf(set, text))).sort();
  }

  /** Whether an optional set is there; undefined where nothing depends on it. */
  hasSet(set: string): boolean | undefined {
    const value = this.get(presenceOf(set));
    return typeof value === 'boolean' ? value : undefined;
  }
}
