/**
 * A value that must never be printed (law 8). Every way of turning it into text gives `[secret]`; the value comes out
 * only by `reveal()`, which is easy to search for.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  // The key that Node's inspect (console.log, assertion messages) looks for; a registered symbol, so no import is needed.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
