import { isDeepStrictEqual } from 'node:util';

/** Something came out otherwise than it must. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected';
  readonly expected: string;
  readonly got: string;

  constructor(what: string, expected: unknown, got: unknown) {
    super(what);
    this.expected = shown(expected);
    this.got = shown(got);
  }
}

/** @throws Unexpected unless `got` is deeply equal to `expected` */
export function must(what: string, expected: unknown, got: unknown): void {
  if (!isDeepStrictEqual(expected, got)) throw new Unexpected(what, expected, got);
}

/** @throws Unexpected unless `got` contains `expected` */
export function mustContain(what: string, expected: string, got: string): void {
  if (!got.includes(expected)) throw new Unexpected(what, `… ${expected} …`, got);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

/** What an earlier step leaves for later ones. */
export class Left<T extends object> {
  readonly #step: string;
  #value: T | null = null;

  constructor(step: string) {
    this.#step = step;
  }

  leave(value: T): T {
    this.#value = value;
    return value;
  }

  /** @throws Unexpected when that step did not come so far */
  take(): T {
    if (this.#value === null)
      throw new Unexpected('cannot be shown', `step ${this.#step} went well`, 'it did not');
    return this.#value;
  }
}
