import { WritError } from '@writ/core';

/** The unit of a number: whole numbers, milliseconds of Cedar, or seconds of Writ's own bounds. */
export type Unit = 'long' | 'duration' | 'datetime' | 'decimal' | 'seconds';

/** One thing that a request, or what becomes of it, can have. */
export interface Attribute {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'flag' | 'set';
  readonly optional: boolean;
  /** the only texts it can be, or null */
  readonly closed: readonly string[] | null;
  readonly unit: Unit;
  /** numbers are multiples of it, and no smaller than `least` */
  readonly step: number;
  readonly least: number | null;
}

/** Something the proof has no classes for; the verdict is then `unknown`. */
export class Unsupported extends WritError {
  constructor(what: string) {
    super('unsupported', what);
  }
}

/** The attributes that either flow can tell apart, declared before anything is compiled over them. */
export class Vocabulary {
  readonly #attributes = new Map<string, Attribute>();

  /** Declared twice, an attribute is optional where either says so, and closed only where both do. */
  declare(name: string, kind: Attribute['kind'], more: Partial<Attribute> = {}): void {
    const fresh: Attribute = {
      name,
      kind,
      optional: false,
      closed: null,
      unit: 'long',
      step: 1,
      least: null,
      ...more,
    };
    const known = this.#attributes.get(name);
    if (known === undefined) {
      this.#attributes.set(name, fresh);
      return;
    }
    if (known.kind !== kind || known.unit !== fresh.unit)
      throw new Unsupported(`\`${name}\` is of two types`);
    const closed =
      known.closed === null || fresh.closed === null
        ? null
        : [...new Set([...known.closed, ...fresh.closed])];
    const optional = known.optional || fresh.optional;
    this.#attributes.set(name, { ...known, optional, closed });
  }

  get(name: string): Attribute {
    const attribute = this.#attributes.get(name);
    if (attribute === undefined) throw new Unsupported(`\`${name}\` is not known to the proof`);
    return attribute;
  }

  has(name: string): boolean {
    return this.#attributes.has(name);
  }

  all(): readonly Attribute[] {
    return [...this.#attributes.values()];
  }
}
