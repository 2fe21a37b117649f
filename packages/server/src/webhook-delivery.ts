import type { WebhookSender } from '@writ/deliver';
import type { Webhooks } from '@writ/engine';
import type { Webhook } from './webhooks.ts';

/** The configured endpoints, as the engine tells them what happened: by name alone. */
export function createWebhookDelivery(endpoints: readonly Webhook[], sender: WebhookSender): Webhooks {
  const byName = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
  return {
    subscribers: (type) => endpoints.filter(({ events }) => events.has(type)).map(({ name }) => name),
    send: async (name, id, event) => {
      const endpoint = byName.get(name);
      // It may have been taken out of the configuration since.
      if (endpoint === undefined) return { ok: false, retry: false, reason: 'it is no longer configured' };
      return sender.send(endpoint, { ...event, id });
    },
  };
}
