import { WritError } from './errors.ts';
import { isWellFormed } from './utf8.ts';

/** What Writ hashes and signs: JSON without fractions, so that every language prints it alike. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/**
 * The canonical form of RFC 8785: members sorted by UTF-16 code units, no white space. Numbers must be safe integers;
 * members that are `undefined` are left out.
 * @throws WritError `invalid` for fractions, unsafe integers and lone surrogates
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new WritError('invalid', `\`${value}\` is not a safe integer`);
    return String(value === 0 ? 0 : value);
  }
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) members.push(`${canonicalString(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

function canonicalString(text: string): string {
  if (!isWellFormed(text)) throw new WritError('invalid', 'a string holds half a surrogate pair');
  return JSON.stringify(text);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
