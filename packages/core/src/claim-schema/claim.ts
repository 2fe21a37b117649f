import type { ClaimType } from '../anchor.ts';

/** Short forms in which the built-in schemas are written. */
export function required(oneOf?: readonly string[]): ClaimType {
  return { type: { type: 'string', oneOf }, required: true, identifies: false };
}

export function optional(oneOf?: readonly string[]): ClaimType {
  return { type: { type: 'string', oneOf }, required: false, identifies: false };
}

/** A required immutable id. */
export function identifying(): ClaimType {
  return { type: { type: 'string' }, required: true, identifies: true };
}
