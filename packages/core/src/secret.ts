/** What `console.log` and other inspections of Node ask an object for. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * A value that must never be printed (law 8). Every way of turning it into text gives `[secret]`; the value comes out
 * only by `reveal()`, which is easy to search for. The field is private to the language, so nothing else can reach it.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
    Object.defineProperty(this, INSPECT, { value: () => '[secret]' });
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
}
