// Spaces of Unicode, the plus that separates the parts of a key's text, and what no note may hold at all.
const FORBIDDEN = /[\p{White_Space}\p{Cs}\p{Cc}+]/u;

/** Whether a text may name a key of a signed note: not empty, no Unicode space, no plus. C2SP signed-note. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && !FORBIDDEN.test(name);
}
