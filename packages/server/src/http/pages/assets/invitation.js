const KEPT = 'writ-invitation';

/**
 * Keeps the secret of an invitation in this tab, over a sign-in.
 * @param {string} secret
 */
export function keepInvitation(secret) {
  sessionStorage.setItem(KEPT, secret);
}

/** @returns {string | null} */
export function invitationAtHand() {
  return sessionStorage.getItem(KEPT);
}

export function forgetInvitation() {
  sessionStorage.removeItem(KEPT);
}
