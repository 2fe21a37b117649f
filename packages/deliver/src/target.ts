import type { Secret } from '@writ/core';

/** What a target can keep of what a flow promises; a flow that promises more is not published. */
export interface TargetAbilities {
  readonly revoke: boolean;
  readonly overlap: boolean;
  readonly verify: boolean;
  readonly expire: boolean;
}

/** A finished credential on its way, with the receipt that proves its issuance. */
export interface Delivery {
  readonly credential: Secret<string>;
  readonly receipt: string;
}

/** The seam of delivery: one method, and a declaration of what the target can do. */
export interface Target {
  readonly name: string;
  readonly abilities: TargetAbilities;
  /** What goes back to the caller on the channel it proved itself on; null when the target is elsewhere. */
  deliver(delivery: Delivery): Promise<Delivery | null>;
}
