import { type ClaimSchema, conforms, type Value } from '@writ/core';

/** Claims of one token that was really used, under the names of the anchor. */
export type Used = Readonly<Record<string, Value>>;

/** The claims of a token as the anchor names them; those it does not declare, or of another type, are left out. */
export function usedClaims(schema: ClaimSchema, token: Readonly<Record<string, unknown>>): Used {
  const found: Record<string, Value> = {};
  for (const [name, { type, from }] of Object.entries(schema)) {
    const value = token[from ?? name];
    const plain =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
    if (plain !== null && conforms(plain, type)) found[name] = plain;
  }
  return found;
}
