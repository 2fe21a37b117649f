import { createHmac } from 'node:crypto';
import { isWebhookSecret, type Secret, WritError } from '@writ/core';

/** One attempt to deliver a message. */
export interface WebhookAttempt {
  /** the same in every attempt, so that a receiver knows a message that it has; no `.`, which delimits what is signed */
  readonly id: string;
  /** of this attempt, in seconds since the epoch */
  readonly timestamp: number;
  readonly body: string;
}

export interface WebhookHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/**
 * The headers of Standard Webhooks 1.0.0, "Signature scheme": HMAC-SHA256 of `id.timestamp.body`, with each of `secrets`,
 * so that a receiver may hold the old or the new one while they rotate.
 * @throws WritError `invalid`
 */
export function signWebhook(attempt: WebhookAttempt, secrets: readonly Secret<string>[]): WebhookHeaders {
  const { id, timestamp, body } = attempt;
  if (!/^[\w-]{1,128}$/.test(id)) throw new WritError('invalid', 'the id is not 1 to 128 of `A-Za-z0-9_-`');
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
    throw new WritError('invalid', 'the time is not in whole seconds');
  }
  if (secrets.length === 0) throw new WritError('invalid', 'there is no secret to sign with');
  const signatures = secrets.map((secret) => `v1,${hmac(secret, `${id}.${timestamp}.${body}`)}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

function hmac(secret: Secret<string>, content: string): string {
  const text = secret.reveal();
  if (!isWebhookSecret(text)) {
    throw new WritError('invalid', 'a secret is not `whsec_` and the base64 of 24 to 64 bytes');
  }
  const key = Buffer.from(text.slice('whsec_'.length), 'base64');
  return createHmac('sha256', key).update(content).digest('base64');
}
