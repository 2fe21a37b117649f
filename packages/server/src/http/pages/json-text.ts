import type { Json } from '@writ/core';

/** Controls, format characters, halves of pairs. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** JSON in which every character can be seen: what could not be is escaped, so that it reads back as the same value. */
export function jsonText(value: Json): string {
  return JSON.stringify(value).replaceAll(UNSEEN, escape);
}

function escape(character: string): string {
  return [...Array(character.length).keys()]
    .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('');
}
