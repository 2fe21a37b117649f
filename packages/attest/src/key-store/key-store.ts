import type { Anchor } from '@writ/core';
import { EvidenceError } from '../evidence-error.ts';
import { type Resolve, resolveByDns } from '../fetch/checked-addresses.ts';
import { type Document, getDocument } from '../fetch/get-document.ts';
import type { Uses, VerificationKey } from '../jws/jwk.ts';
import { isStrictObject } from '../jws/strict-json.ts';
import { findKey, type KeySet, parseKeySet, readJson } from './key-set.ts';
import type { KeySource } from './key-source.ts';

export interface KeyStoreOptions {
  /** how host names become addresses; default: the system's resolver */
  readonly resolve?: Resolve;
  /** milliseconds for discovery and keys together; default 5000 */
  readonly timeout?: number;
  /** what the keys of an anchor may say they are for; default: signatures, or nothing */
  readonly uses?: (anchor: Anchor) => Uses;
}

const TIMEOUT = 5_000;
const LARGEST_BODY = 256 * 1024;
/** Milliseconds. Bounds on how long keys are believed without asking again, and the default when the issuer says nothing. */
const SHORTEST_LIFE = 60_000;
const DEFAULT_LIFE = 10 * 60_000;
const LONGEST_LIFE = 60 * 60_000;
/** How long keys outlive the last successful answer while the issuer cannot be asked. */
const STALE_LIFE = 24 * 60 * 60_000;
/** Between two requests on account of an unknown `kid`, or of a failure with keys at hand; without keys, the shorter. */
const COOLDOWN = 30_000;
const COOLDOWN_WITHOUT_KEYS = 5_000;
/** Anchors whose keys are kept. */
const MOST_ISSUERS = 256;

/** What is known of one issuer's keys. Times in milliseconds; `fetchedAt` is of the last success, `askedAt` of the last attempt. */
interface Entry {
  keys: KeySet | null;
  fetchedAt: number;
  freshUntil: number;
  askedAt: number;
  failure: EvidenceError | null;
  asking: Promise<void> | null;
}

/**
 * Issuers' keys, fetched when first needed and kept in memory. Only an anchor's issuer is ever asked, one request at a
 * time. A removed key is refused once `max-age` (held within 1 min and 1 h) has passed; an unknown `kid` asks again at
 * most every 30 s. While an issuer fails, its last keys stay for 24 h.
 */
export function createKeyStore(options: KeyStoreOptions = {}): KeySource {
  const { resolve = resolveByDns, timeout = TIMEOUT, uses } = options;
  const entries = new Map<string, Entry>();

  async function ask(entry: Entry, anchor: Anchor, now: number): Promise<void> {
    entry.askedAt = now;
    try {
      const { body, cacheControl } = await fetchKeys(anchor, resolve, AbortSignal.timeout(timeout));
      entry.keys = parseKeySet(body, uses?.(anchor));
      entry.fetchedAt = now;
      entry.freshUntil = now + lifeOf(cacheControl);
      entry.failure = null;
    } catch (error) {
      entry.failure = asEvidenceError(error);
    } finally {
      entry.asking = null;
    }
  }

  async function refresh(entry: Entry, anchor: Anchor, now: number): Promise<void> {
    entry.asking ??= ask(entry, anchor, now);
    return entry.asking;
  }

  /** The keys as they may be believed at `now`. */
  async function current(entry: Entry, anchor: Anchor, now: number): Promise<KeySet> {
    if (entry.keys === null || now >= entry.freshUntil) {
      if (mayAsk(entry, now)) {
        const asked = refresh(entry, anchor, now);
        // An issuer that just failed must not hold up everybody while its keys are still believed.
        if (entry.failure === null || !believable(entry, now)) await asked;
      } else if (entry.asking !== null && !believable(entry, now)) await entry.asking;
    }
    if (entry.keys === null || !believable(entry, now)) {
      throw entry.failure ?? new EvidenceError('unavailable', 'keys of the issuer are too old');
    }
    return entry.keys;
  }

  return {
    async find(anchor: Anchor, kid: string, alg: string, now: number): Promise<VerificationKey> {
      const entry = entryOf(entries, anchor);
      const keys = await current(entry, anchor, now);
      if (!keys.has(kid) && mayAsk(entry, now)) {
        await refresh(entry, anchor, now);
      } else if (!keys.has(kid) && entry.asking !== null) {
        await entry.asking;
      }
      const latest = entry.keys ?? keys;
      if (!latest.has(kid) && entry.failure !== null) throw entry.failure;
      return findKey(latest, kid, alg);
    },
  };
}

function mayAsk(entry: Entry, now: number): boolean {
  if (entry.asking !== null) return false;
  return now - entry.askedAt >= (entry.keys === null ? COOLDOWN_WITHOUT_KEYS : COOLDOWN);
}

function believable(entry: Entry, now: number): boolean {
  return entry.keys !== null && now < entry.fetchedAt + STALE_LIFE;
}

function entryOf(entries: Map<string, Entry>, anchor: Anchor): Entry {
  const name = JSON.stringify([anchor.issuer, anchor.jwksUri, anchor.privateAddresses]);
  const known = entries.get(name);
  if (known !== undefined) return known;
  const oldest = entries.keys().next();
  if (entries.size >= MOST_ISSUERS && oldest.done !== true) entries.delete(oldest.value);
  const never = Number.NEGATIVE_INFINITY;
  const entry: Entry = {
    keys: null,
    fetchedAt: never,
    freshUntil: never,
    askedAt: never,
    failure: null,
    asking: null,
  };
  entries.set(name, entry);
  return entry;
}

async function fetchKeys(anchor: Anchor, resolve: Resolve, signal: AbortSignal): Promise<Document> {
  return getJson(anchor.jwksUri ?? (await discover(anchor, resolve, signal)), anchor, resolve, signal);
}

async function getJson(
  url: string,
  { privateAddresses: inside }: Anchor,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<Document> {
  const accept = 'application/json';
  return getDocument(url, { inside, resolve, signal, accept, largest: LARGEST_BODY, pin: null });
}

/** OpenID Connect Discovery §4: `issuer` must equal, character by character, the one that was asked. */
async function discover(anchor: Anchor, resolve: Resolve, signal: AbortSignal): Promise<string> {
  const url = `${anchor.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const document = readJson((await getJson(url, anchor, resolve, signal)).body);
  const { issuer, jwks_uri: uri } = isStrictObject(document) ? document : {};
  if (issuer !== anchor.issuer) {
    throw new EvidenceError('unavailable', `discovery at \`${url}\` is of another issuer`, { value: issuer });
  }
  if (typeof uri !== 'string')
    throw new EvidenceError('unavailable', `discovery at \`${url}\` has no \`jwks_uri\``);
  return uri;
}

/** Milliseconds for which an answer with this `Cache-Control` (RFC 9111 §5.2.2) is fresh, within our bounds. */
function lifeOf(cacheControl: string): number {
  if (/(?:^|[\s,])no-(?:store|cache)(?:$|[\s,])/i.test(cacheControl)) return SHORTEST_LIFE;
  const seconds = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(cacheControl)?.[1];
  const life = seconds === undefined ? DEFAULT_LIFE : Number(seconds) * 1000;
  return Math.min(Math.max(life, SHORTEST_LIFE), LONGEST_LIFE);
}

function asEvidenceError(error: unknown): EvidenceError {
  if (error instanceof EvidenceError) return error;
  return new EvidenceError('unavailable', 'keys of the issuer could not be fetched', { cause: error });
}
