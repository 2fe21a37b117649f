import { isAscii, isUtf8 } from 'node:buffer';
import { EvidenceError } from '../evidence-error.ts';

export type StrictJson = null | boolean | number | string | readonly StrictJson[] | StrictObject;
/** Without a prototype: a member that is not there is `undefined`, whatever its name. */
export interface StrictObject {
  readonly [name: string]: StrictJson | undefined;
}

const DEEPEST = 8;
const LONGEST_NUMBER = 32;
/** Digits that a double holds whatever they are. */
const EXACT_DIGITS = 15;
const POISONED: readonly string[] = ['__proto__', 'constructor', 'prototype'];
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const HEX4 = /^[0-9a-fA-F]{4}$/;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/**
 * JSON (RFC 8259) that has one reading: refuses invalid UTF-8, a byte order mark, repeated members (RFC 7519 §4 allows
 * refusing), members named `__proto__`, `constructor` or `prototype`, nesting deeper than 8, half surrogate pairs, numbers
 * that are not finite, and those that would be rounded to a safe integer. Everything it accepts, JSON.parse reads alike.
 *
 * @throws EvidenceError `malformed`
 */
export function parseStrictJson(bytes: Buffer): StrictJson {
  if (isAscii(bytes)) return parseText(bytes.toString('latin1'));
  if (!isUtf8(bytes)) throw malformed('holds bytes that are not utf-8');
  return parseText(bytes.toString('utf8'));
}

export function isStrictObject(value: StrictJson | undefined): value is StrictObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isStrictList(value: StrictJson | undefined): value is readonly StrictJson[] {
  return Array.isArray(value);
}

interface Cursor {
  readonly text: string;
  at: number;
}

function parseText(text: string): StrictJson {
  const cursor: Cursor = { text, at: 0 };
  skipSpace(cursor);
  const value = parseValue(cursor, 0);
  if (cursor.at !== text.length) throw malformed(`goes on after its end at ${cursor.at}`);
  return value;
}

/** Reads one value and the white space behind it. */
function parseValue(cursor: Cursor, depth: number): StrictJson {
  let value: StrictJson;
  switch (cursor.text.charCodeAt(cursor.at)) {
    case 0x22:
      value = parseString(cursor);
      break;
    case 0x7b:
      value = parseObject(cursor, depth + 1);
      break;
    case 0x5b:
      value = parseList(cursor, depth + 1);
      break;
    case 0x74:
      value = parseWord(cursor, 'true', true);
      break;
    case 0x66:
      value = parseWord(cursor, 'false', false);
      break;
    case 0x6e:
      value = parseWord(cursor, 'null', null);
      break;
    default:
      value = parseNumber(cursor);
  }
  skipSpace(cursor);
  return value;
}

function parseObject(cursor: Cursor, depth: number): StrictObject {
  if (depth > DEEPEST) throw malformed(`nests deeper than ${DEEPEST}`);
  const object: Record<string, StrictJson> = { __proto__: null };
  cursor.at++;
  skipSpace(cursor);
  if (take(cursor, 0x7d)) return object;
  for (;;) {
    if (cursor.text.charCodeAt(cursor.at) !== 0x22) throw malformed(`lacks a member name at ${cursor.at}`);
    const name = parseString(cursor);
    if (isPoisoned(name)) throw malformed(`has a member named \`${name}\``);
    if (object[name] !== undefined) throw malformed(`names a member twice: \`${name}\``);
    skipSpace(cursor);
    if (!take(cursor, 0x3a)) throw malformed(`lacks a colon at ${cursor.at}`);
    skipSpace(cursor);
    object[name] = parseValue(cursor, depth);
    if (take(cursor, 0x7d)) return object;
    if (!take(cursor, 0x2c)) throw malformed(`lacks a comma at ${cursor.at}`);
    skipSpace(cursor);
  }
}

function isPoisoned(name: string): boolean {
  return name.length >= 9 && name.length <= 11 && POISONED.includes(name);
}

function parseList(cursor: Cursor, depth: number): readonly StrictJson[] {
  if (depth > DEEPEST) throw malformed(`nests deeper than ${DEEPEST}`);
  const list: StrictJson[] = [];
  cursor.at++;
  skipSpace(cursor);
  if (take(cursor, 0x5d)) return list;
  for (;;) {
    list.push(parseValue(cursor, depth));
    if (take(cursor, 0x5d)) return list;
    if (!take(cursor, 0x2c)) throw malformed(`lacks a comma at ${cursor.at}`);
    skipSpace(cursor);
  }
}

/** The string at the cursor. One without escapes, the usual one, is a slice. */
function parseString(cursor: Cursor): string {
  const { text } = cursor;
  const start = cursor.at + 1;
  let i = start;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) {
      cursor.at = i + 1;
      return text.slice(start, i);
    }
    if (code === 0x5c) break;
    if (code < 0x20) throw malformed(`holds a bare control character at ${i}`);
  }
  return parseEscaped(cursor, start, i);
}

function parseEscaped(cursor: Cursor, start: number, firstEscape: number): string {
  const { text } = cursor;
  let value = text.slice(start, firstEscape);
  let i = firstEscape;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === 0x22) {
      if (!value.isWellFormed()) throw malformed(`holds half a surrogate pair before ${i}`);
      cursor.at = i + 1;
      return value;
    }
    if (code < 0x20) throw malformed(`holds a bare control character at ${i}`);
    if (code !== 0x5c) {
      value += text.charAt(i);
      i += 1;
      continue;
    }
    if (text.charAt(i + 1) === 'u') {
      const hex = text.slice(i + 2, i + 6);
      if (!HEX4.test(hex)) throw malformed(`holds a bad escape at ${i}`);
      value += String.fromCharCode(Number.parseInt(hex, 16));
      i += 6;
    } else {
      const plain = ESCAPES.get(text.charAt(i + 1));
      if (plain === undefined) throw malformed(`holds a bad escape at ${i}`);
      value += plain;
      i += 2;
    }
  }
  throw malformed('ends inside a string');
}

function parseNumber(cursor: Cursor): number {
  NUMBER.lastIndex = cursor.at;
  const text = NUMBER.exec(cursor.text)?.[0];
  if (text === undefined) throw malformed(`has no value at ${cursor.at}`);
  const value = Number(text);
  if (text.length > LONGEST_NUMBER || !Number.isFinite(value)) {
    throw malformed(`holds a number out of range at ${cursor.at}`);
  }
  if (isRounded(text, value)) throw malformed(`holds a number of too many digits at ${cursor.at}`);
  cursor.at += text.length;
  return value;
}

/** Whether `text` may be another number than the safe integer that it was read as. */
function isRounded(text: string, value: number): boolean {
  if (!Number.isSafeInteger(value) || text === String(value)) return false;
  return text.length > EXACT_DIGITS || (value === 0 && /^-?[0.]*[1-9]/.test(text));
}

function parseWord(cursor: Cursor, word: string, value: boolean | null): boolean | null {
  if (!cursor.text.startsWith(word, cursor.at)) throw malformed(`has no value at ${cursor.at}`);
  cursor.at += word.length;
  return value;
}

function take(cursor: Cursor, code: number): boolean {
  if (cursor.text.charCodeAt(cursor.at) !== code) return false;
  cursor.at++;
  return true;
}

function skipSpace(cursor: Cursor): void {
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    cursor.at++;
  }
}

function malformed(why: string): EvidenceError {
  return new EvidenceError('malformed', `json ${why}`);
}
