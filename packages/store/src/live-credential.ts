/** What a live count knows of a credential. */
export interface CredentialLife {
  readonly right: string;
  readonly state: string;
  /** milliseconds since the epoch */
  readonly expiresAt: number;
}

/** The states that take nothing of a right's budget. Any other one counts, also a state not known here (law 1). */
export const DEAD_STATES = ['superseded', 'revoked', 'expired', 'destroyed'] as const;

export function counts(life: CredentialLife): boolean {
  return !DEAD_STATES.some((state) => state === life.state);
}

/** The same as a condition on `credentials`; made of constants only. */
export const LIVE_SQL: string = `state NOT IN (${DEAD_STATES.map((state) => `'${state}'`).join(', ')})`;
