import type { Sealer } from '@writ/core';
import { readCookie } from '../session/cookie.ts';
import type { Login } from './identity-provider.ts';

/** A sign-in on its way through the identity provider, kept by the browser that began it and nowhere else. */
export interface OpenLogin extends Login {
  /** path to go to afterwards */
  readonly to: string;
  /** milliseconds since the epoch */
  readonly until: number;
}

export interface LoginCookie {
  /** `Set-Cookie` that gives it */
  give(login: OpenLogin): string;
  /** the login of this `Cookie` header; null for none, one of somebody else's making, or too old a one */
  read(header: string | undefined, now: number): OpenLogin | null;
  /** `Set-Cookie` that takes it away */
  take(): string;
}

const CONTEXT = 'login';

/**
 * A sealed cookie that only the sign-in's own paths are sent. It is `Lax`: the identity provider sends the browser back from
 * another site, and a strict one would stay away.
 */
export function loginCookie(publicUrl: string, sealer: Sealer): LoginCookie {
  const { protocol, pathname } = new URL(publicUrl);
  const tls = protocol === 'https:';
  const name = tls ? '__Secure-writ-login' : 'writ-login';
  const path = `${pathname.replace(/\/$/, '')}/sign-in`;
  const attributes = `Path=${path}; HttpOnly; SameSite=Lax${tls ? '; Secure' : ''}`;
  return {
    give: (login) => `${name}=${sealer.seal(Buffer.from(JSON.stringify(login)), CONTEXT)}; ${attributes}`,
    take: () => `${name}=; Max-Age=0; ${attributes}`,
    read: (header, now) => {
      const sealed = readCookie(header, name);
      const login = sealed === null ? null : open(sealer, sealed);
      return login !== null && now < login.until ? login : null;
    },
  };
}

function open(sealer: Sealer, sealed: string): OpenLogin | null {
  try {
    // INVARIANT: what opens was sealed above, from an OpenLogin.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the invariant
    return JSON.parse(Buffer.from(sealer.open(sealed, CONTEXT)).toString('utf8')) as OpenLogin;
  } catch {
    return null;
  }
}
