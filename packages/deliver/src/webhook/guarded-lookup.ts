import { lookup as dnsLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { type OutboundUrl, refusedAddress, WritError } from '@writ/core';

/** IP addresses of a host name. Called once per connection, which is made to what it returned. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const resolveByDns: Resolve = async (host) =>
  (await dnsLookup(host, { all: true })).map(({ address }) => address);

/**
 * What a connection to `url` asks for addresses: it gets only such as were checked, so that nothing can change between
 * the check and the connection (DNS rebinding, O4). Addresses in the URL itself are not looked up by Node.
 */
export function guardedLookup(url: OutboundUrl, resolve: Resolve): LookupFunction {
  return (_host, { all }, callback) => {
    const answer = async (): Promise<void> => {
      const addresses = await checked(url, resolve);
      if (addresses instanceof WritError) {
        callback(addresses, all === true ? [] : '', 0);
        return;
      }
      const found = addresses.map((address) => ({ address, family: isIP(address) }));
      const [first = { address: '', family: 0 }] = found;
      if (all === true) callback(null, found);
      else callback(null, first.address, first.family);
    };
    void answer();
  };
}

async function checked(url: OutboundUrl, resolve: Resolve): Promise<readonly string[] | WritError> {
  try {
    const addresses = await resolve(url.host);
    const refused = refusedAddress(url, addresses);
    return refused === null ? addresses : new WritError('refused', refused);
  } catch (cause) {
    return new WritError('unavailable', `\`${url.host}\` does not resolve`, { cause });
  }
}
