import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WritError } from './errors.ts';
import { EVENT_TYPES, EVENTS, eventBody, eventSchema, isEventType, isWebhookEvent } from './event.ts';
import { Secret } from './secret.ts';

const AT = Date.UTC(2026, 10, 22, 12, 30, 5, 678);

/** Texts as people write them, and as nobody should. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.constantFrom('', '\u0000', '"', '\\', '\n', '\u001b[2J', '\u2028', '\u202e', '\ud800', '\u0085', '😀'),
  fc
    .tuple(fc.constantFrom('x', '\u0000', '"', '😀', '\ud800', '\u2028'), fc.integer({ min: 1, max: 5_000 }))
    .map(([unit, times]) => unit.repeat(times)),
);
const anyInstant = fc.integer({ min: 0, max: 253_402_300_799_999 });
const anyCount = fc.nat();
const anyObligation = fc.record({ rule: anyText, assignee: anyText, due: anyInstant });
const ANY = {
  text: anyText,
  instant: anyInstant,
  count: anyCount,
  obligations: fc.array(anyObligation, { maxLength: 60 }),
} as const;

/** Any event, made by the list of members. */
const anyEvent = fc.constantFrom(...EVENT_TYPES.filter(isEventType)).chain((type) => {
  const members = Object.entries(EVENTS[type]).map(([name, kind]) => [name, ANY[kind]] as const);
  const data = fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>);
  return fc.record({ type: fc.constant(type), timestampMs: anyInstant, data });
});

function bodyOf(value: unknown): string {
  if (!isWebhookEvent(value)) throw new Error('no event');
  return eventBody(value);
}

describe('eventBody', () => {
  test('writes what a receiver is promised', () => {
    expect(
      eventBody({
        type: 'run.waiting',
        timestampMs: AT,
        data: {
          run: 'run_1',
          flow: 'identity-issue',
          identity: 'svc-payments',
          obligations: [{ rule: 'owner', assignee: 'user:ada', due: AT + 86_400_000 }],
        },
      }),
    ).toBe(
      '{"type":"run.waiting","timestamp":"2026-11-22T12:30:05Z","data":{"run":"run_1","flow":"identity-issue",' +
        '"identity":"svc-payments","obligations":[{"rule":"owner","assignee":"user:ada","due":"2026-11-23T12:30:05Z"}]}}',
    );
  });

  test('L6 whatever texts are inside, it is one line of JSON in printable ASCII, of less than 20,000 bytes', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const body = bodyOf(event);
        expect(body).toMatch(/^[ -~]*$/);
        expect(body.length).toBeLessThan(20_000);
        const read: unknown = JSON.parse(body);
        expect(read).toMatchObject({ type: event.type });
        expect(JSON.stringify(read).isWellFormed()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('the largest there can be is still small', () => {
    const long = '\u0001'.repeat(10_000);
    const obligations = Array.from({ length: 1_000 }, () => ({ rule: long, assignee: long, due: AT }));
    const data = { run: long, flow: long, identity: long, obligations };
    const body = eventBody({ type: 'run.waiting', timestampMs: AT, data });
    expect(body.length).toBeLessThan(20_000);
    expect(JSON.parse(body).data.obligations).toHaveLength(20);
  });

  test('a text of up to 300 bytes arrives as it was, a longer one says that it was cut', () => {
    const runOf = (run: string): string =>
      JSON.parse(eventBody({ type: 'run.expired', timestampMs: AT, data: { run, flow: 'f', identity: 'i' } }))
        .data.run;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 25 }), (run) => {
        expect(runOf(run)).toBe(run.toWellFormed());
      }),
    );
    expect(runOf('x'.repeat(300))).toBe('x'.repeat(300));
    expect(runOf('x'.repeat(301))).toBe(`${'x'.repeat(300)}…`);
    expect(runOf('😀'.repeat(26))).toBe(`${'😀'.repeat(25)}…`);
    expect(runOf('\ud83d')).toBe('\ufffd');
  });

  test('O1 L5 members that are not listed are not sent, nor what is behind a secret', () => {
    fc.assert(
      fc.property(anyEvent, fc.constantFrom('token', 'claims', 'secret', '__proto__'), (event, name) => {
        const secret = 'canary-7f3a';
        const more = { [name]: secret, nested: { [name]: secret } };
        const crowded = { ...event, ...more, data: { ...event.data, ...more } };
        expect(bodyOf(crowded)).toBe(bodyOf(event));
      }),
    );
    const run = new Secret('canary-7f3a');
    const sneaked = { type: 'run.expired', timestampMs: AT, data: { run, flow: 'f', identity: 'i' } };
    expect(isWebhookEvent(sneaked)).toBe(false);
    expect(JSON.stringify(sneaked)).not.toContain('canary');
  });

  test('an event that lacks a member, or has one of another type, is no event', () => {
    fc.assert(
      fc.property(
        anyEvent,
        fc.nat(),
        fc.constantFrom(undefined, null, true, {}, [{}], -1, 0.5),
        (event, at, wrong) => {
          const names = Object.keys(event.data);
          const name = names[at % names.length] ?? '';
          expect(isWebhookEvent({ ...event, data: { ...event.data, [name]: wrong } })).toBe(false);
          const { [name]: _, ...fewer } = event.data;
          expect(isWebhookEvent({ ...event, data: fewer })).toBe(false);
        },
      ),
    );
  });

  test.each<unknown>([
    null,
    'freeze',
    [],
    {},
    { type: 'freeze', data: { scope: 's', by: 'b' } },
    { type: 'freeze', timestampMs: -1, data: { scope: 's', by: 'b' } },
    { type: 'freeze', timestampMs: 253_402_300_800_000, data: { scope: 's', by: 'b' } },
    { type: 'freeze', timestampMs: AT, data: Object.create({ scope: 's', by: 'b' }) },
    { type: 'freeze', timestampMs: AT, data: { scope: 's', by: 7 } },
    { type: 'identity.changed', timestampMs: AT, data: { identity: 'i', run: 'r', revision: Number.NaN } },
    { type: 'identity.changed', timestampMs: AT, data: { identity: 'i', run: 'r', revision: 2 ** 53 } },
    { type: 'thaw', timestampMs: AT, data: { scope: 's', by: 'b' } },
    { type: 'toString', timestampMs: AT, data: {} },
    { type: '__proto__', timestampMs: AT, data: {} },
  ])('%j is no event', (value) => {
    expect(isWebhookEvent(value)).toBe(false);
    // oxlint-disable-next-line typescript/no-explicit-any -- what a careless caller might pass
    expect(() => eventBody(value as any)).toThrow(WritError);
  });
});

test('types are written as the specification recommends', () => {
  for (const type of EVENT_TYPES) expect(type).toMatch(/^[a-zA-Z0-9_]+(?:\.[a-zA-Z0-9_]+)*$/);
});

test('O1 no event has a member that could hold a secret, a token or claims', () => {
  const names = new Set(Object.values(EVENTS).flatMap((members) => Object.keys(members)));
  expect([...names].sort().join(' ')).toBe(
    'assignee by days due event flow identity obligations owner person revision rule run scope',
  );
  expect(JSON.stringify(eventSchema())).not.toMatch(/token|secret|claim/);
});
