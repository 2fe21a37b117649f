import type { Consume } from '@writ/core';

/**
 * Nonces that a page is given and brings back, each for one purpose. Nothing is kept of them until one is used: whoever
 * made them knows its own.
 */
export interface Challenges {
  /**
   * A nonce for what `about` says: 32 bytes in base64url, good for five minutes from `now` (milliseconds since the epoch).
   * `about` names everything it may be used for: session, purpose, and whatever else must not be exchanged.
   */
  issue(about: string, now: number): string;
  /**
   * What must be spent in the commit that accepts it, so that it counts once; null where it was never issued, was issued
   * about something else, or is too old.
   */
  verify(nonce: string, about: string, now: number): Consume | null;
}
