import {
  EVENT_TYPES,
  type EventType,
  isEventType,
  isWebhookSecret,
  parseOutboundUrl,
  Secret,
  WritError,
} from '@writ/core';
import type { WebhookEndpoint } from '@writ/deliver';
import { shape } from '@writ/flow';

/** An entry of `webhooks` in `writ.yaml`, before its secrets are read. */
export interface WebhookSetting {
  readonly name: string;
  readonly url: string;
  /** relative to `writ.yaml` */
  readonly secretFile: string;
  readonly events: ReadonlySet<EventType>;
  readonly privateAddresses: boolean;
}

/** A receiver, what it is told, and how. */
export interface Webhook extends WebhookEndpoint {
  readonly name: string;
  readonly events: ReadonlySet<EventType>;
}

/** Milliseconds for one delivery: the specification recommends 15 to 30 seconds. */
const TIMEOUT = 15_000;
/** Old and new while they rotate; a file of many is a mistake. */
const MOST_SECRETS = 4;
const MOST_WEBHOOKS = 20;

const eventType: shape.Shape<EventType> = shape.refine(shape.text, (value, node, report) => {
  if (isEventType(value)) return value;
  report(node.at, `there is no event \`${value}\`; expected \`all\` or a list of ${EVENT_TYPES.join(', ')}`);
  return undefined;
});
const someEvents = shape.refine(shape.list(eventType), (value, node, report) => {
  if (value.length > 0) return new Set(value);
  report(node.at, 'expected `all` or at least one event');
  return undefined;
});
const allEvents = shape.refine(shape.choice(['all']), () => new Set(EVENT_TYPES.filter(isEventType)));
const events: shape.Shape<ReadonlySet<EventType>> = (node, report) =>
  (node.kind === 'list' ? someEvents : allEvents)(node, report);

const entry = shape.object({
  name: shape.required(shape.formed(/^[a-z0-9-]{1,60}$/, 'a name such as ops-chat')),
  url: shape.required(shape.text),
  'secret-file': shape.required(shape.text),
  events: shape.required(events),
  'private-addresses': shape.optional(shape.flag, false),
});

const setting: shape.Shape<WebhookSetting> = shape.refine(entry, (value, node, report) => {
  const { name, url, events: told, 'secret-file': secretFile, 'private-addresses': privateAddresses } = value;
  const read = parseOutboundUrl(url, privateAddresses);
  if ('url' in read) return { name, url, secretFile, events: told, privateAddresses };
  report(node.at, `webhook \`${name}\`: ${read.refused}`);
  return undefined;
});

/**
 * The list `webhooks` of `writ.yaml`. A URL that leads where it must not is refused here, as far as it can be seen without
 * asking for a name's addresses; those are checked at every delivery (O4).
 */
export const webhookSettings: shape.Shape<readonly WebhookSetting[]> = shape.refine(
  shape.list(setting, MOST_WEBHOOKS),
  (settings, node, report) => {
    const names = settings.map(({ name }) => name);
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice === undefined) return settings;
    report(node.at, `two webhooks are called \`${twice}\``);
    return undefined;
  },
);

/**
 * Webhooks with their secrets, of which a file holds one a line. `readText` reads a file named by the configuration.
 * @throws WritError `invalid`, which repeats nothing of the file
 */
export function withSecrets(
  settings: readonly WebhookSetting[],
  readText: (path: string, help: string) => string,
): readonly Webhook[] {
  return settings.map(({ secretFile, ...told }) => {
    const help = `\`secret-file\` of the webhook \`${told.name}\` names it; it holds a secret \`whsec_…\` a line`;
    const lines = readText(secretFile, help)
      .split(/\r?\n/)
      .filter((line) => line !== '');
    if (lines.length === 0 || lines.length > MOST_SECRETS || !lines.every(isWebhookSecret)) {
      throw new WritError(
        'invalid',
        `\`${secretFile}\` holds something else than 1 to ${MOST_SECRETS} lines of \`whsec_\` and the base64 of 24 to 64 bytes; ` +
          'make one with `echo whsec_$(openssl rand -base64 32)`',
      );
    }
    return { ...told, secrets: lines.map((line) => new Secret(line)), timeout: TIMEOUT };
  });
}
