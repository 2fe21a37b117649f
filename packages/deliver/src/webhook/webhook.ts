import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { eventBody, type OutboundUrl, parseOutboundUrl, WritError } from '@writ/core';
import type { WebhookOutcome, WebhookSender } from '../webhook-sender.ts';
import { guardedLookup, type Resolve, resolveByDns } from './guarded-lookup.ts';
import { signWebhook } from './sign-webhook.ts';

export interface WebhookSenderOptions {
  /** milliseconds since the epoch */
  readonly now: () => number;
  readonly resolve?: Resolve;
}

/** Bytes of an answer that are taken, so that a receiver can finish it; nobody reads them. */
const LARGEST_ANSWER = 4 * 1024;

/**
 * Tells receivers that may be hostile, or may be made to point at us: the name is resolved once and the connection made
 * to checked addresses, redirects are not followed, certificates are verified whatever the environment says, an answer is
 * taken for its status alone.
 */
export function createWebhookSender({ now, resolve = resolveByDns }: WebhookSenderOptions): WebhookSender {
  return {
    async send(endpoint, event) {
      try {
        const read = parseOutboundUrl(endpoint.url, endpoint.privateAddresses);
        if ('refused' in read) return { ok: false, retry: false, reason: read.refused };
        const body = eventBody(event);
        const timestamp = Math.floor(now() / 1000);
        const headers = signWebhook({ id: event.id, timestamp, body }, endpoint.secrets);
        return await post(read.url, { ...headers }, body, resolve, endpoint.timeout);
      } catch (error) {
        const reason = error instanceof WritError ? error.message : 'it could not be sent';
        return { ok: false, retry: false, reason };
      }
    },
  };
}

async function post(
  url: OutboundUrl,
  headers: Readonly<Record<string, string>>,
  body: string,
  resolve: Resolve,
  timeout: number,
): Promise<WebhookOutcome> {
  const signal = AbortSignal.timeout(timeout);
  const options: RequestOptions = {
    method: 'POST',
    signal,
    agent: false,
    rejectUnauthorized: true,
    lookup: guardedLookup(url, resolve),
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'writ',
    },
  };
  try {
    return await outcomeOf(url, await respond(url, options, body));
  } catch (error) {
    return { ok: false, retry: true, reason: reasonOf(url, error, signal) };
  }
}

function respond(url: OutboundUrl, options: RequestOptions, body: string): Promise<IncomingMessage> {
  return new Promise((fulfil, reject) => {
    const request = (url.https ? httpsRequest : httpRequest)(url.href, options, fulfil);
    request.on('error', reject);
    // Where the receiver changes the protocol there is neither an answer nor an error.
    request.on('close', () =>
      reject(new WritError('unavailable', `\`${url.host}\` closed without an answer`)),
    );
    request.end(body);
  });
}

/** Status codes as the specification reads them ("Delivery success and failure"). */
async function outcomeOf({ host }: OutboundUrl, response: IncomingMessage): Promise<WebhookOutcome> {
  const { statusCode: status = 0 } = response;
  await drain(response);
  if (status >= 200 && status < 300) return { ok: true, status };
  const reason = `\`${host}\` answered ${status}`;
  if (status === 410) return { ok: false, retry: false, reason: `${reason}: it wants no more of them` };
  const redirect = status >= 300 && status < 400;
  return { ok: false, retry: true, reason: redirect ? `${reason}: redirects are not followed` : reason };
}

/** The status is known by now: however the rest goes, it changes nothing. */
async function drain(response: IncomingMessage): Promise<void> {
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LARGEST_ANSWER) break;
    }
  } catch {
    // a receiver that breaks off after its status has said what there is to say
  } finally {
    response.destroy();
  }
}

/** Only what we wrote ourselves and codes of the platform: a message of a library may quote what it was given. */
function reasonOf({ host }: OutboundUrl, error: unknown, signal: AbortSignal): string {
  if (error instanceof WritError) return error.message;
  if (signal.aborted) return `\`${host}\` took too long`;
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return `\`${host}\` did not answer${typeof code === 'string' ? `: ${code}` : ''}`;
}
