import { EVENT_TYPES, EVENTS, eventBody, eventSchema, isEventType, isWebhookEvent } from '@writ/core';
import * as fc from 'fast-check';
import Fastify from 'fastify';
import { afterAll, expect, test } from 'vitest';

const validator = Fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } });
validator.post('/', { schema: { body: eventSchema() } }, async () => ({}));
afterAll(() => validator.close());

const accepts = async (payload: object): Promise<boolean> =>
  (await validator.inject({ method: 'POST', url: '/', payload })).statusCode === 200;

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constant('\u0001'.repeat(1_000)),
  fc.constant('x'.repeat(301)),
);
const instant = fc.integer({ min: 0, max: 253_402_300_799_999 });
const ANY = {
  text,
  instant,
  count: fc.maxSafeNat(),
  obligations: fc.array(fc.record({ rule: text, assignee: text, due: instant }), { maxLength: 30 }),
} as const;

/** Bodies of one type, as they are sent. */
function bodiesOf(type: string): fc.Arbitrary<Record<string, Record<string, unknown>>> {
  if (!isEventType(type)) throw new Error(type);
  const members = Object.entries(EVENTS[type]).map(([name, kind]) => [name, ANY[kind]] as const);
  const data = fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>);
  return fc.record({ type: fc.constant(type), timestampMs: instant, data }).map((event: unknown) => {
    if (!isWebhookEvent(event)) throw new Error('no event');
    return JSON.parse(eventBody(event));
  });
}

test.each(EVENT_TYPES)(
  'the published schema accepts every `%s` that is sent, and none with a member more or less',
  async (type) => {
    await fc.assert(
      fc.asyncProperty(bodiesOf(type), fc.nat(), async (body, at) => {
        expect(await accepts(body)).toBe(true);
        const { data = {} } = body;
        const names = Object.keys(data);
        const { [names[at % names.length] ?? '']: _, ...fewer } = data;
        expect(await accepts({ ...body, data: fewer })).toBe(false);
        expect(await accepts({ ...body, data: { ...data, token: 'x' } })).toBe(false);
        expect(await accepts({ ...body, token: 'x' })).toBe(false);
        expect(await accepts({ ...body, type: 'thaw' })).toBe(false);
      }),
      { numRuns: 25 },
    );
  },
);
