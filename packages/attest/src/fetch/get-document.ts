import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { EvidenceError } from '../evidence-error.ts';
import { checkedAddresses, lookupAmong, type Resolve } from './checked-addresses.ts';
import { pinnedSocket } from './pinned-socket.ts';

export interface Document {
  readonly body: Buffer;
  /** `Content-Type` as sent, or empty */
  readonly contentType: string;
  /** `Cache-Control` as sent, or empty */
  readonly cacheControl: string;
}

/** What a fetch may do, and what it is for. */
export interface Fetching {
  /** whether loopback, private and link-local addresses are allowed; cloud metadata services never are */
  readonly inside: boolean;
  readonly resolve: Resolve;
  /** ends it, whatever it waits for */
  readonly signal: AbortSignal;
  /** media type asked for */
  readonly accept: string;
  /** bytes of the body at most */
  readonly largest: number;
  /** base64 of SHA-256 of the only TLS key believed; null: the usual certificate authorities decide */
  readonly pin: string | null;
}

/**
 * GETs a document from a server that may be hostile, or may be made to point at us: https (http only to loopback, and
 * only with `inside`); the name is resolved once and the connection made to the checked addresses, so that it cannot
 * change in between; no redirects, no other status than 200, no compression, no more than `largest` bytes.
 *
 * @throws EvidenceError `unavailable`
 */
export async function getDocument(url: string, fetching: Fetching): Promise<Document> {
  const { inside, resolve, signal, largest } = fetching;
  const target = parseUrl(url, inside);
  const addresses = await checkedAddresses(target, inside, resolve, signal);
  const response = await respond(target, addresses, fetching);
  try {
    return await readDocument(url, response, largest);
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

async function respond(
  url: URL,
  addresses: readonly string[],
  { signal, accept, pin }: Fetching,
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    signal,
    ...(pin === null
      ? { agent: false, lookup: lookupAmong(addresses) }
      : await pinnedConnection(url, addresses, pin, signal)),
    headers: { accept, 'accept-encoding': 'identity' },
  };
  return new Promise((fulfil, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, fulfil);
    request.on('error', (cause) => reject(noAnswer(url, cause)));
    request.on('close', () => reject(noAnswer(url)));
    request.end();
  });
}

/** Options of a request over a connection that is there already. Plain http has no key to be pinned. */
async function pinnedConnection(
  url: URL,
  addresses: readonly string[],
  pin: string,
  signal: AbortSignal,
): Promise<RequestOptions> {
  if (url.protocol !== 'https:') throw unavailable(`\`${url.href}\` must be https to be pinned`);
  try {
    const socket = await pinnedSocket(url, addresses, pin, signal);
    return { createConnection: () => socket, defaultPort: 443 };
  } catch (cause) {
    throw noAnswer(url, cause);
  }
}

async function readDocument(url: string, response: IncomingMessage, largest: number): Promise<Document> {
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
      if (size > largest) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw unavailable(`\`${url}\` did not finish its answer`, cause);
  }
  if (size > largest) throw unavailable(`\`${url}\` is larger than ${largest} bytes`);
  return {
    body: Buffer.concat(chunks),
    contentType: headers['content-type'] ?? '',
    cacheControl: headers['cache-control'] ?? '',
  };
}

function noAnswer(url: URL, cause?: unknown): EvidenceError {
  const why = cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : '';
  return unavailable(`\`${url.href}\` did not answer${why}`, cause);
}

function unavailable(message: string, cause?: unknown): EvidenceError {
  return new EvidenceError('unavailable', message, { cause });
}
