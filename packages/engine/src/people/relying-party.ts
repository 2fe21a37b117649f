import { WritError } from '@writ/core';

/** What passkeys are for: the host of the public URL, used on pages of its origin. */
export interface RelyingParty {
  readonly rpId: string;
  readonly origin: string;
}

/** URLs write every numeric host as an address, so a host that looks like one is one. */
const ADDRESS = /^(?:[\d.]+|\[.*\])$/;

/** @throws WritError `unsupported` for a URL that names an address: browsers make passkeys for names alone */
export function relyingParty(publicUrl: string): RelyingParty {
  const { hostname, origin } = new URL(publicUrl);
  if (ADDRESS.test(hostname)) {
    throw new WritError(
      'unsupported',
      `a passkey needs a host name, and the public URL \`${publicUrl}\` names an address; use a domain, or localhost with \`writ dev\``,
    );
  }
  return { rpId: hostname, origin };
}
