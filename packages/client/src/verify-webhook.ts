import { createHmac, timingSafeEqual } from 'node:crypto';

/** An event of Writ, as its signature vouches for it. The reference lists types and the members of `data`. */
export interface WebhookEvent {
  /** the same however often the event is delivered: remember it, and do each once */
  readonly id: string;
  readonly type: string;
  /** RFC 3339: when it happened */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Headers as `node:http` or `fetch` gives them. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Seconds that the sender's clock and the way may take, either way. */
const TOLERANCE = 300;
const SECRET = /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Verifies one delivery (Standard Webhooks 1.0.0): `rawBody` is the body as it came, not parsed and written again;
 * `secret` is the endpoint's, or several while they rotate; `nowMs` is milliseconds since the epoch. Answers null for
 * whatever the sender did not sign within five minutes. A delivery repeated within them has the same `id`.
 * @throws TypeError where a secret is not one: nothing could ever be verified
 */
export function verifyWebhook(
  headers: WebhookHeaders,
  rawBody: string | Uint8Array,
  secret: string | readonly string[],
  nowMs: number,
): WebhookEvent | null {
  const keys = (typeof secret === 'string' ? [secret] : secret).map(keyOf);
  if (keys.length === 0) throw new TypeError('there is no secret');
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature').split(' ');
  // A full stop in the id would shift where the time begins in what is signed.
  if (!/^[^.]+$/.test(id) || !isNear(timestamp, nowMs)) return null;
  const signed = keys.some((key) => {
    const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(rawBody).digest('base64');
    return signatures.some((signature) => isSame(signature, `v1,${wanted}`));
  });
  return signed ? readEvent(id, rawBody) : null;
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(SECRET.test(secret) ? secret.slice('whsec_'.length) : '', 'base64');
  if (key.length >= 24 && key.length <= 64) return key;
  throw new TypeError('the secret is not `whsec_` and the base64 of 24 to 64 bytes');
}

/** A header that stands there once, else empty. */
function headerOf(headers: WebhookHeaders, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? '';
  const found = Object.entries(headers).filter(([key]) => key.toLowerCase() === name);
  const [[, value] = []] = found;
  return found.length === 1 && typeof value === 'string' ? value : '';
}

function isNear(timestamp: string, nowMs: number): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(Math.floor(nowMs / 1000) - Number(timestamp)) <= TOLERANCE;
}

/** Takes as long wherever the difference is. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function readEvent(id: string, rawBody: string | Uint8Array): WebhookEvent | null {
  const body = parseJson(rawBody);
  const type = memberOf(body, 'type');
  const timestamp = memberOf(body, 'timestamp');
  const data = memberOf(body, 'data');
  if (typeof type !== 'string' || typeof timestamp !== 'string' || !isObject(data)) return null;
  return { id, type, timestamp, data };
}

function parseJson(rawBody: string | Uint8Array): unknown {
  try {
    const text =
      typeof rawBody === 'string' ? rawBody : new TextDecoder('utf-8', { fatal: true }).decode(rawBody);
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
