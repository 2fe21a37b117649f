import { WritError } from './errors.ts';
import { formatInstant } from './instant.ts';

/**
 * The members that each event has, and no others: what is not listed here is never sent, whatever a caller passes. There
 * is no free text, no claim and no token among them; whoever wants more asks for the run.
 */
export const EVENTS = {
  'run.waiting': { run: 'text', flow: 'text', identity: 'text', obligations: 'obligations' },
  'run.reminder': {
    run: 'text',
    flow: 'text',
    identity: 'text',
    rule: 'text',
    assignee: 'text',
    due: 'instant',
  },
  'run.escalated': {
    run: 'text',
    flow: 'text',
    identity: 'text',
    rule: 'text',
    assignee: 'text',
    due: 'instant',
  },
  'run.approved': { run: 'text', identity: 'text', rule: 'text', by: 'text' },
  'run.denied': { run: 'text', identity: 'text', rule: 'text', by: 'text' },
  'run.issued': { run: 'text', flow: 'text', identity: 'text' },
  'run.expired': { run: 'text', flow: 'text', identity: 'text' },
  'run.cancelled': { run: 'text', flow: 'text', identity: 'text', by: 'text' },
  'identity.changed': { identity: 'text', revision: 'count', run: 'text' },
  'identity.expiring': { identity: 'text', owner: 'text', days: 'count' },
  'identity.review_due': { identity: 'text', owner: 'text', due: 'instant' },
  'authenticator.changed': { person: 'text', event: 'text' },
  freeze: { scope: 'text', by: 'text' },
} as const;

const OBLIGATION = { rule: 'text', assignee: 'text', due: 'instant' } as const;

/** Bytes of one text in a body, escapes counted; a longer one is cut, and ends with `…`. */
const LONGEST_TEXT = 300;
/** Obligations in one event; a run with more shows the others itself. */
const MOST_OBLIGATIONS = 20;
/** Milliseconds: the last second of the year 9999. */
const LATEST = 253_402_300_799_999;

type MemberKind = 'text' | 'instant' | 'count' | 'obligations';
type Members = Readonly<Record<string, MemberKind>>;

interface MemberTypes {
  readonly text: string;
  /** milliseconds since the epoch; written as a time of RFC 3339, to the second */
  readonly instant: number;
  /** a whole number ≥ 0 */
  readonly count: number;
  readonly obligations: readonly DataOf<typeof OBLIGATION>[];
}

type DataOf<M extends Members> = { readonly [Name in keyof M]: MemberTypes[M[Name]] };

export type EventType = keyof typeof EVENTS;

/** Something that happened, as webhooks tell it. `timestampMs`: when it happened. */
export type WebhookEvent = {
  readonly [T in EventType]: {
    readonly type: T;
    readonly timestampMs: number;
    readonly data: DataOf<(typeof EVENTS)[T]>;
  };
}[EventType];

export const EVENT_TYPES: readonly string[] = Object.keys(EVENTS);

export function isEventType(text: string): text is EventType {
  return Object.hasOwn(EVENTS, text);
}

/**
 * The body of a webhook (Standard Webhooks 1.0.0, payload structure): one line of JSON in printable ASCII, so that no log
 * or terminal it is copied to takes anything in it for a command (L6), of less than 20,000 bytes whatever the texts are.
 * @throws WritError `invalid` where a member is missing or of another type
 */
export function eventBody(event: WebhookEvent): string {
  const body = bodyOf(event);
  if (body === null) throw new WritError('invalid', 'the event has not the members of its type');
  return body;
}

/** Whether `value`, which may have been read from a row, is an event. Members that are not listed are never sent. */
export function isWebhookEvent(value: unknown): value is WebhookEvent {
  return bodyOf(value) !== null;
}

function bodyOf(event: unknown): string | null {
  const type = memberOf(event, 'type');
  if (typeof type !== 'string' || !isEventType(type)) return null;
  const timestamp = WRITERS.instant(memberOf(event, 'timestampMs'));
  const data = writeMembers(EVENTS[type], memberOf(event, 'data'));
  if (timestamp === null || data === null) return null;
  return `{"type":"${type}","timestamp":${timestamp},"data":${data}}`;
}

/** The listed members of `value`, in the order of the list; null if one is not of its kind. */
function writeMembers(members: Members, value: unknown): string | null {
  const written: string[] = [];
  for (const [name, kind] of Object.entries(members)) {
    const member = WRITERS[kind](memberOf(value, name));
    if (member === null) return null;
    written.push(`"${name}":${member}`);
  }
  return `{${written.join(',')}}`;
}

const WRITERS: Readonly<Record<MemberKind, (value: unknown) => string | null>> = {
  text: (value) => (typeof value === 'string' ? writeText(value) : null),
  count: (value) => (isWhole(value, Number.MAX_SAFE_INTEGER) ? String(value) : null),
  instant: (value) => (isWhole(value, LATEST) ? `"${formatInstant(value)}"` : null),
  obligations(value) {
    if (!Array.isArray(value)) return null;
    const written = value.slice(0, MOST_OBLIGATIONS).map((each) => writeMembers(OBLIGATION, each));
    return written.includes(null) ? null : `[${written.join(',')}]`;
  },
};

function isWhole(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** JSON in ASCII alone (RFC 8259 §7); half a surrogate pair, which some languages cannot read, becomes U+FFFD. */
function writeText(text: string): string {
  let written = '';
  for (const point of text.slice(0, LONGEST_TEXT + 1).toWellFormed()) {
    const piece = writePoint(point);
    if (written.length + piece.length > LONGEST_TEXT) return `"${written}\\u2026"`;
    written += piece;
  }
  return `"${written}"`;
}

function writePoint(point: string): string {
  if (point === '"' || point === '\\') return `\\${point}`;
  if (/^[ -~]$/.test(point)) return point;
  let escaped = '';
  for (let i = 0; i < point.length; i++) escaped += `\\u${point.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return escaped;
}

type JsonSchema = Readonly<Record<string, unknown>>;

const MEMBER_SCHEMAS: Readonly<Record<MemberKind, JsonSchema>> = {
  text: { type: 'string', maxLength: LONGEST_TEXT + 1 },
  instant: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' },
  count: { type: 'integer', minimum: 0 },
  obligations: {
    type: 'array',
    maxItems: MOST_OBLIGATIONS,
    items: objectSchema(references(OBLIGATION)),
  },
};

/** The JSON Schema (draft 7) of every body that `eventBody` writes. */
export function eventSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'webhook event',
    ...objectSchema({
      type: { type: 'string' },
      timestamp: { $ref: '#/definitions/instant' },
      data: { type: 'object' },
    }),
    oneOf: Object.entries(EVENTS).map(([type, members]) => ({
      properties: { type: { const: type }, data: objectSchema(references(members)) },
    })),
    definitions: MEMBER_SCHEMAS,
  };
}

function references(members: Members): JsonSchema {
  return Object.fromEntries(
    Object.entries(members).map(([name, kind]) => [name, { $ref: `#/definitions/${kind}` }]),
  );
}

function objectSchema(properties: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}
