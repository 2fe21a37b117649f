import { lookup as dnsLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { type Reach, reachOf } from '@writ/core';
import { EvidenceError } from '../evidence-error.ts';

/** IP addresses of a host name. Called once per request; the connection is made to what it returned. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const resolveByDns: Resolve = async (host) =>
  (await dnsLookup(host, { all: true })).map(({ address }) => address);

const HTTPS: ReadonlySet<Reach> = new Set(['public']);
const HTTPS_INSIDE: ReadonlySet<Reach> = new Set(['public', 'loopback', 'private']);
const HTTP_INSIDE: ReadonlySet<Reach> = new Set(['loopback']);

/**
 * The addresses of a URL's host, each of which may be connected to. The name is resolved once. Every address must be
 * allowed: a name that leads to both sides is an attempt to choose later.
 *
 * @throws EvidenceError `unavailable`
 */
export async function checkedAddresses(
  url: URL,
  inside: boolean,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(host) === 0 ? await resolveHost(host, resolve, signal) : [host];
  if (addresses.length === 0) throw unavailable(`\`${host}\` has no address`);
  const allowed = url.protocol === 'http:' ? HTTP_INSIDE : inside ? HTTPS_INSIDE : HTTPS;
  const bad = addresses.find((address) => !allowed.has(reachOf(address)));
  if (bad !== undefined) throw unavailable(`\`${host}\` leads to \`${bad}\`, which is not allowed here`);
  return addresses;
}

async function resolveHost(host: string, resolve: Resolve, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return await Promise.race([resolve(host), rejectOnAbort(signal)]);
  } catch (cause) {
    throw unavailable(`\`${host}\` does not resolve`, cause);
  }
}

async function rejectOnAbort(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('took too long')), { once: true });
  });
}

/** Answers a connection's lookup with addresses that were checked before. */
export function lookupAmong(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const [first] = all;
    if (options.all === true) callback(null, all);
    else callback(null, first?.address ?? '', first?.family ?? 4);
  };
}

function unavailable(message: string, cause?: unknown): EvidenceError {
  return new EvidenceError('unavailable', message, { cause });
}
