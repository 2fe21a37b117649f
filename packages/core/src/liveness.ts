import type { Credential } from './credential.ts';
import { readFreezeState } from './freeze.ts';
import type { Identity } from './identity.ts';
import type { IssuerKeyState } from './issuer-key.ts';

/** What liveness depends on, read together. */
export interface LivenessFacts {
  readonly credential: Credential;
  readonly identity: Identity | null;
  /** cell value by freeze scope, for every scope of the credential */
  readonly freezes: Readonly<Record<string, string | null>>;
  readonly key: IssuerKeyState | null;
}

export type Liveness =
  | { readonly live: true }
  | { readonly live: false; readonly because: 'state' | 'expired' | 'identity' | 'frozen' | 'key' };

/**
 * The one liveness function (law 3): introspection, exchange, renewal and revocation ask it and nothing else.
 * `now` is milliseconds since the epoch; a credential is dead in the very millisecond it expires.
 */
export function isLive(facts: LivenessFacts, now: number): Liveness {
  const { credential, identity, key } = facts;
  if (!['issued', 'delivered', 'active'].includes(credential.state)) return dead('state');
  if (now >= credential.expiresAt) return dead('expired');
  if (key === null || key === 'prepared' || key === 'compromised') return dead('key');
  if (identity === null || identity.status !== 'active' || now >= identity.expires) return dead('identity');
  if (credential.revision < identity.boundSince) return dead('identity');
  const frozen = credential.freezeScopes.some((scope) => isFrozen(facts.freezes, scope));
  return frozen ? dead('frozen') : { live: true };
}

/** A scope whose state was not read counts as frozen (law 1). */
function isFrozen(freezes: LivenessFacts['freezes'], scope: string): boolean {
  const cell = Object.hasOwn(freezes, scope) ? freezes[scope] : undefined;
  return cell === undefined || readFreezeState(cell).frozen;
}

function dead(because: Exclude<Liveness, { live: true }>['because']): Liveness {
  return { live: false, because };
}
