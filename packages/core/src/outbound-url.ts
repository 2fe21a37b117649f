import { isAddress, type Reach, reachOf } from './address-reach.ts';

/** A URL that we may ask, and where its host may lead. */
export interface OutboundUrl {
  readonly href: string;
  readonly https: boolean;
  /** a name, or an IP address without brackets */
  readonly host: string;
  readonly allowed: ReadonlySet<Reach>;
}

const HTTPS: ReadonlySet<Reach> = new Set<Reach>(['public']);
const HTTPS_INSIDE: ReadonlySet<Reach> = new Set<Reach>(['public', 'loopback', 'private']);
const HTTP_INSIDE: ReadonlySet<Reach> = new Set<Reach>(['loopback']);

/**
 * Reads a URL that somebody configured and we are to ask: https, without user and fragment. `inside` allows loopback,
 * private and link-local addresses, and http to loopback; cloud metadata services never. An address that stands in the
 * URL is checked here, those of a name when it is resolved (`refusedAddress`). The refusal names the host at most, as the
 * rest of a URL may hold a secret.
 */
export function parseOutboundUrl(
  text: string,
  inside: boolean,
): { readonly url: OutboundUrl } | { readonly refused: string } {
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (parsed === null || parsed.username !== '' || parsed.password !== '' || parsed.hash !== '') {
    return { refused: 'the url is not one without user and fragment' };
  }
  const https = parsed.protocol === 'https:';
  if (!https && !(parsed.protocol === 'http:' && inside)) return { refused: 'the url must be https' };
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  const allowed = https ? (inside ? HTTPS_INSIDE : HTTPS) : HTTP_INSIDE;
  const url: OutboundUrl = { href: parsed.href, https, host, allowed };
  const refused = isAddress(host) ? refusedAddress(url, [host]) : null;
  return refused === null ? { url } : { refused };
}

/**
 * Why a connection to `addresses`, which `url.host` leads to, is refused; null if it is not. Every address must be
 * allowed: a name that leads to both sides is an attempt to choose later.
 */
export function refusedAddress(url: OutboundUrl, addresses: readonly string[]): string | null {
  if (addresses.length === 0) return `\`${url.host}\` has no address`;
  const wrong = addresses.find((address) => !url.allowed.has(reachOf(address)));
  return wrong === undefined ? null : `\`${url.host}\` leads to \`${wrong}\`, which is not allowed`;
}
