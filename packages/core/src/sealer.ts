/**
 * Keeps secrets at rest. `context` is bound in: what was sealed for one use opens for no other.
 * @throws WritError `verification-failed` when `open` is given something else than was sealed
 */
export interface Sealer {
  seal(plain: Uint8Array, context: string): string;
  open(sealed: string, context: string): Uint8Array;
}
