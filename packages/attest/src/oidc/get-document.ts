import { lookup as dnsLookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type Reach, reachOf } from '@writ/core';
import { EvidenceError } from '../evidence-error.ts';

export interface Document {
  readonly body: Buffer;
  /** `Cache-Control` as sent, or empty */
  readonly cacheControl: string;
}

/** IP addresses of a host name. Called once per request; the connection is made to what it returned. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const LARGEST_BODY = 256 * 1024;
const HTTPS: ReadonlySet<Reach> = new Set(['public']);
const HTTPS_INSIDE: ReadonlySet<Reach> = new Set(['public', 'loopback', 'private']);
const HTTP_INSIDE: ReadonlySet<Reach> = new Set(['loopback']);

export const resolveByDns: Resolve = async (host) =>
  (await dnsLookup(host, { all: true })).map(({ address }) => address);

/**
 * GETs a JSON document from a server that may be hostile, or may be made to point at us: https (http only to loopback,
 * and only with `inside`); the name is resolved once and the connection made to the checked addresses, so that it
 * cannot change in between; no redirects, no other status than 200, no compression, at most 256 KiB; `signal` ends it.
 * `inside` allows loopback, private and link-local addresses; cloud metadata services never.
 *
 * @throws EvidenceError `unavailable`
 */
export async function getDocument(
  url: string,
  inside: boolean,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<Document> {
  const target = parseUrl(url, inside);
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(host) === 0 ? await resolveHost(host, resolve, signal) : [host];
  checkAddresses(host, addresses, target.protocol === 'http:' ? HTTP_INSIDE : inside ? HTTPS_INSIDE : HTTPS);
  const response = await respond(target, addresses, signal);
  try {
    return await readDocument(url, response);
  } finally {
    response.destroy();
  }
}

function parseUrl(text: string, inside: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') {
    throw unavailable(`\`${text}\` is not a url without user and fragment`);
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && inside)) {
    throw unavailable(`\`${text}\` must be https`);
  }
  return url;
}

async function resolveHost(host: string, resolve: Resolve, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return await Promise.race([resolve(host), rejectOnAbort(signal)]);
  } catch (cause) {
    throw unavailable(`\`${host}\` does not resolve`, cause);
  }
}

async function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('took too long')), { once: true });
  });
}

/** Every address must be allowed: a name that leads to both sides is an attempt to choose later. */
function checkAddresses(host: string, addresses: readonly string[], allowed: ReadonlySet<Reach>): void {
  if (addresses.length === 0) throw unavailable(`\`${host}\` has no address`);
  for (const address of addresses) {
    const reach = reachOf(address);
    if (!allowed.has(reach)) {
      throw unavailable(`\`${host}\` leads to \`${address}\`, which is not allowed for this anchor`);
    }
  }
}

async function respond(
  url: URL,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    signal,
    agent: false,
    lookup: lookupAmong(addresses),
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
  };
  return new Promise((fulfil, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, fulfil);
    request.on('error', (cause) => reject(unavailable(`\`${url.href}\` did not answer`, cause)));
    request.end();
  });
}

/** Answers the connection's lookup with addresses that were checked before. */
function lookupAmong(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const [first] = all;
    if (options.all === true) callback(null, all);
    else callback(null, first?.address ?? '', first?.family ?? 4);
  };
}

async function readDocument(url: string, response: IncomingMessage): Promise<Document> {
  const { statusCode, headers } = response;
  if (statusCode !== 200)
    throw unavailable(`\`${url}\` answered ${statusCode}: expected 200, without redirects`);
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw unavailable(`\`${url}\` answered compressed though not asked to`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LARGEST_BODY) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw unavailable(`\`${url}\` did not finish its answer`, cause);
  }
  if (size > LARGEST_BODY) throw unavailable(`\`${url}\` is larger than ${LARGEST_BODY} bytes`);
  return { body: Buffer.concat(chunks), cacheControl: headers['cache-control'] ?? '' };
}

function unavailable(message: string, cause?: unknown): EvidenceError {
  return new EvidenceError('unavailable', message, { cause });
}
