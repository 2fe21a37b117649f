import type { Json } from '@writ/core';
import { jsonText } from '../json-text.ts';

/** One value of a JSON value, with where it is. */
export interface Leaf {
  /** JSON Pointer (RFC 6901) */
  readonly pointer: string;
  /** JSON */
  readonly text: string;
}

/**
 * Takes a JSON value apart at its objects: everything else, lists too, is a leaf with its text. `planOf` in `plan.js` puts it
 * together again, so that what a browser digests is what its reader sees.
 */
export function leavesOf(value: Json, pointer = ''): readonly Leaf[] {
  const members = membersOf(value);
  if (members.length === 0) return [{ pointer, text: jsonText(value) }];
  return members.flatMap(([name, member]) => leavesOf(member, `${pointer}/${token(name)}`));
}

/** Of an object; none for anything else. */
function membersOf(value: Json): readonly (readonly [string, Json])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
}

function token(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
