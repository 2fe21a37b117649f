import { LedgerError } from './ledger-error.ts';

const CONTROL = /\p{Cc}/u;
const DIGEST = /^[0-9a-f]{64}$/;
const PERSON = /^user:.+$/su;
const BASE64URL = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$/;
const NONCE_LENGTH = 43;
const SCOPE = /^(?:everything|[a-z][a-z-]*:.+)$/su;

/**
 * Reads the members of one JSON object, each once, and refuses those nobody asked for. Every method throws
 * LedgerError `record-malformed`.
 */
export class RecordFields {
  readonly #members: Map<string, unknown>;
  readonly #path: string;

  constructor(value: unknown, path = '') {
    this.#path = path;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw malformed(`\`${path}\` is not an object`);
    }
    this.#members = new Map(Object.entries(value));
  }

  /** A text that is not empty and holds no control character: it will be shown in terminals and tables. */
  text(name: string): string {
    return this.#text(this.#take(name), name);
  }

  textOrEmpty(name: string): string {
    if (this.#members.get(name) !== '') return this.text(name);
    this.#members.delete(name);
    return '';
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  /** Names of the members not read yet. */
  names(): readonly string[] {
    return [...this.#members.keys()];
  }

  isNull(name: string): boolean {
    if (this.#members.get(name) !== null) return false;
    return this.#members.delete(name);
  }

  texts(name: string): readonly string[] {
    return this.list(name).map((item) => this.#text(item, name));
  }

  /** Names what a freeze can stop: `everything`, or a kind, a colon and a value. */
  scope(name: string): string {
    return this.#scope(this.#take(name), name);
  }

  scopes(name: string): readonly string[] {
    return this.list(name).map((item) => this.#scope(item, name));
  }

  /** 64 lower-case hex digits. */
  digest(name: string): string {
    const text = this.text(name);
    if (!DIGEST.test(text)) throw this.#wrong(name, 'is not 64 hex digits');
    return text;
  }

  /** `user:` and a name. */
  person(name: string): string {
    const text = this.text(name);
    if (!PERSON.test(text)) throw this.#wrong(name, 'is not a person such as `user:…`');
    return text;
  }

  /** A person, or one of these words. */
  personOr(name: string, words: readonly string[]): string {
    const value = this.#members.get(name);
    return words.some((word) => word === value) ? this.text(name) : this.person(name);
  }

  /** Canonical base64url without padding, and not empty. RFC 4648 §5. */
  base64url(name: string): string {
    const text = this.text(name);
    if (!BASE64URL.test(text)) throw this.#wrong(name, 'is not base64url without padding');
    return text;
  }

  /** 32 bytes in base64url. */
  nonce(name: string): string {
    const text = this.base64url(name);
    if (text.length !== NONCE_LENGTH) throw this.#wrong(name, 'is not 32 bytes');
    return text;
  }

  /** A whole number from 0 to 2^53 − 1. */
  count(name: string): number {
    return this.#count(this.#take(name), name);
  }

  textOrCount(name: string): string | number {
    const value = this.#take(name);
    return typeof value === 'number' ? this.#count(value, name) : this.#text(value, name);
  }

  counts(name: string): readonly number[] {
    return this.list(name).map((item) => this.#count(item, name));
  }

  oneOf<Word extends string>(name: string, words: readonly Word[]): Word {
    const text = this.text(name);
    const found = words.find((word) => word === text);
    if (found === undefined) throw this.#wrong(name, `is not one of ${words.join(', ')}`);
    return found;
  }

  list(name: string): readonly unknown[] {
    const value = this.#take(name);
    if (!Array.isArray(value)) throw this.#wrong(name, 'is not a list');
    return value;
  }

  object(name: string): RecordFields {
    return new RecordFields(this.#take(name), this.#path === '' ? name : `${this.#path}.${name}`);
  }

  /** Any value. */
  value(name: string): unknown {
    return this.#take(name);
  }

  /** All members not read yet, as they are. */
  rest(): Readonly<Record<string, unknown>> {
    const rest = Object.fromEntries(this.#members);
    this.#members.clear();
    return rest;
  }

  /** Refuses members that were not read. */
  done(): void {
    for (const name of this.#members.keys()) throw this.#wrong(name, 'is not known');
  }

  #take(name: string): unknown {
    if (!this.#members.has(name)) throw this.#wrong(name, 'is missing');
    const value = this.#members.get(name);
    this.#members.delete(name);
    return value;
  }

  #text(value: unknown, name: string): string {
    if (typeof value !== 'string' || value === '') throw this.#wrong(name, 'is not a text');
    if (CONTROL.test(value)) throw this.#wrong(name, 'holds a control character');
    return value;
  }

  #scope(value: unknown, name: string): string {
    const text = this.#text(value, name);
    if (!SCOPE.test(text)) throw this.#wrong(name, 'is not a freeze scope such as `identity:…`');
    return text;
  }

  #count(value: unknown, name: string): number {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw this.#wrong(name, 'is not a whole number from 0 to 2^53 - 1');
    }
    return value;
  }

  #wrong(name: string, why: string): LedgerError {
    return malformed(`\`${this.#path === '' ? name : `${this.#path}.${name}`}\` ${why}`);
  }
}

function malformed(why: string): LedgerError {
  return new LedgerError('record-malformed', `record is malformed: ${why}`);
}
