import type { Anchor } from './anchor.ts';

const TRUST_DOMAIN = /^[a-z0-9._-]{1,255}$/;
const SEGMENT = /^[A-Za-z0-9._-]+$/;

export interface SpiffeId {
  readonly trustDomain: string;
  readonly path: readonly string[];
}

/** A SPIFFE ID (SPIFFE-ID §2): lower-case trust domain, path of one or more plain segments, at most 2048 bytes. Null if it is not one. */
export function parseSpiffeId(text: string): SpiffeId | null {
  if (text.length > 2048 || !text.startsWith('spiffe://')) return null;
  const [trustDomain, ...path] = text.slice('spiffe://'.length).split('/');
  if (trustDomain === undefined || !TRUST_DOMAIN.test(trustDomain) || path.length === 0) return null;
  const plain = path.every((segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..');
  return plain ? { trustDomain, path } : null;
}

/** The trust domain that an anchor of kind `spiffe` speaks for, which its name says: `spiffe/<trust domain>`. Null for any other. */
export function trustDomainOf({ kind, name }: Pick<Anchor, 'kind' | 'name'>): string | null {
  const [first, domain = '', ...more] = name.split('/');
  const named = kind === 'spiffe' && first === kind && more.length === 0;
  return named && TRUST_DOMAIN.test(domain) ? domain : null;
}
