import type { Secret, WebhookEvent } from '@writ/core';

/** Who is told. */
export interface WebhookEndpoint {
  /** https; with `privateAddresses` http to loopback too. It may hold a secret, and is in no reason. */
  readonly url: string;
  /** each signs; the receiver may hold any of them */
  readonly secrets: readonly Secret<string>[];
  /** whether it may be in our own network; a cloud's metadata service is never an endpoint */
  readonly privateAddresses: boolean;
  /** milliseconds for one delivery, from resolving the name to the end of the answer */
  readonly timeout: number;
}

/** What came of one attempt. `retry`: whether another one may fare better. `reason` names no more than the host. */
export type WebhookOutcome =
  | { readonly ok: true; readonly status: number }
  | { readonly ok: false; readonly retry: boolean; readonly reason: string };

export interface WebhookSender {
  /** One attempt (Standard Webhooks 1.0.0). `id` is the same in every attempt of an event. Never throws. */
  send(endpoint: WebhookEndpoint, event: WebhookEvent & { readonly id: string }): Promise<WebhookOutcome>;
}
