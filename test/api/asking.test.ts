import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ApiHouse,
  type ApiPerson,
  askedBody,
  NO_APPROVALS,
  openApiHouse,
  type Told,
} from './api-house.ts';

const reasonsOf = ({ body }: Told): readonly Readonly<Record<string, string>>[] =>
  Array.isArray(body['reasons']) ? body['reasons'] : [];
const missingOf = (answer: Told): readonly string[] =>
  reasonsOf(answer)
    .filter(({ message = '' }) => message.endsWith('is missing'))
    .map(({ rule = '' }) => rule);

describe('POST /api/v1/runs', () => {
  let api: ApiHouse;
  let rui: ApiPerson;
  let ana: ApiPerson;
  let named = 0;
  const fresh = (): string => {
    named += 1;
    return `svc-${named}`;
  };
  beforeAll(async () => {
    api = await openApiHouse();
    rui = await api.person('user:rui');
    ana = await api.person('user:ana');
  });
  afterAll(async () => api[Symbol.asyncDispose]());

  test('S0.8 a request without owner, purpose, expiry and scope is told of all of them at once, with what helps', async () => {
    const {
      owner: _o,
      purpose: _p,
      expires: _e,
      ...identity
    } = askedBody()['identity'] as Record<string, string>;
    const { scopes: _s, ...rest } = askedBody();
    const answer = await rui.post('/runs', { ...rest, identity });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(missingOf(answer)).toEqual([
      'request.identity.owner',
      'request.identity.purpose',
      'request.identity.expires',
      'request.scopes',
    ]);
    for (const { help } of reasonsOf(answer)) expect(help).toEqual(expect.any(String));
    expect(await rui.get('/runs')).toMatchObject({ body: { runs: [], next: null } });
  });

  test('S0.8 an empty body is told of everything, whatever would have been inside', async () => {
    const answer = await rui.post('/runs', '');
    expect(missingOf(answer)).toEqual([
      'request.flow',
      ...['name', 'kind', 'owner', 'deputy', 'purpose', 'environment', 'expires'].map(
        (name) => `request.identity.${name}`,
      ),
      'request.audience',
      'request.scopes',
    ]);
  });

  test.each([
    ['device', ['serial', 'trust_anchor']],
    ['agent', ['task', 'data_sets', 'commands']],
    ['integration', ['partner', 'contact', 'egress']],
  ])('S0.8 what only the kind %s has is told with the rest', async (kind, attributes) => {
    const { deputy: _, ...identity } = askedBody({ kind })['identity'] as Record<string, string>;
    const answer = await rui.post('/runs', { ...askedBody(), identity });
    expect(missingOf(answer)).toEqual([
      'request.identity.deputy',
      ...attributes.map((name) => `request.identity.attributes.${name}`),
    ]);
  });

  test('a run that waits is 202 with its place, and the same there', async () => {
    const name = fresh();
    const answer = await rui.post('/runs', askedBody({ name }));
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ identity: name, state: 'waiting', requester: 'user:rui' });
    const run = String(answer.body['run']);
    expect(answer.headers.get('location')).toBe(`http://localhost:8420/api/v1/runs/${run}`);
    const shown = await rui.get(`/runs/${run}`);
    expect(shown.status).toBe(200);
    expect(shown.body).toEqual(answer.body);
  });

  test('the tag of a run is that of its state: it stands while the run does, and changes with it', async () => {
    const { body } = await rui.post('/runs', askedBody({ name: fresh() }));
    const path = `/runs/${String(body['run'])}`;
    const tag = (await rui.get(path)).headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w-]{43}"$/);
    const again = await rui.get(path, { 'if-none-match': tag });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', tag]);
    await rui.post(`${path}/cancel`);
    const after = await rui.get(path, { 'if-none-match': tag });
    expect([after.status, after.body['state']]).toEqual([200, 'cancelled']);
  });

  test('what is decided against is 403 with the rule, the reasons and a reference', async () => {
    const answer = await rui.post('/runs', askedBody({ name: fresh(), owner: 'user:rui' }));
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({
      code: 'refused',
      status: 403,
      writ_ref: expect.stringMatching(/^ref_/),
    });
    expect(answer.body['rule']).toBe(reasonsOf(answer)[0]?.['rule']);
    expect(answer.text).not.toContain('expected');
  });

  test('a preview says what would be demanded, and keeps nothing', async () => {
    const name = fresh();
    const size = await api.ledgerSize();
    const listed = (await rui.get('/runs')).text;
    const answer = await rui.post('/runs/preview', askedBody({ name }));
    expect(answer.body).toMatchObject({ outcome: 'waiting', obligations: [{ rule: 'owner-accepts' }] });
    const refused = await rui.post('/runs/preview', askedBody({ name, owner: 'user:rui' }));
    expect([refused.status, refused.body['outcome']]).toEqual([200, 'refused']);
    expect(await api.ledgerSize()).toBe(size);
    expect((await rui.get('/runs')).text).toBe(listed);
  });

  describe('a change', () => {
    const change = { name: 'svc-payments', kind: 'workload', owner: 'group:platform-security' };

    test('of an identity says which revision it is for, by `replaces` or by its tag', async () => {
      const tag = (await ana.get('/identities/svc-payments')).headers.get('etag') ?? '';
      expect(tag).toBe('"1"');
      const byMember = await ana.post('/runs/preview', askedBody(change, { replaces: 1 }));
      expect(byMember.body['outcome']).toBe('waiting');
      const byTag = await ana.post('/runs', askedBody(change), { 'if-match': tag });
      expect(byTag.status).toBe(202);
      expect(byTag.body['changes']).toEqual(
        expect.arrayContaining([{ member: 'owner', before: 'user:ana', after: 'group:platform-security' }]),
      );
    });

    test.each([
      ['a revision that is no more, by tag', {}, '"7"', 412, 'stale'],
      ['a revision that is no more, by `replaces`', { replaces: 7 }, undefined, 412, 'stale'],
      ['no revision of what is there', {}, undefined, 409, 'conflict'],
      ['two revisions', { replaces: 2 }, '"1"', 400, 'invalid'],
      ['a weak tag', {}, 'W/"1"', 400, 'invalid'],
      ['any revision', {}, '*', 400, 'invalid'],
      ['a list of tags', {}, '"1", "2"', 400, 'invalid'],
    ])('for %s is refused', async (_, more, tag, status, code) => {
      const answer = await ana.post(
        '/runs',
        askedBody(change, more),
        tag === undefined ? {} : { 'if-match': tag },
      );
      expect([answer.status, answer.body['code']]).toEqual([status, code]);
    });
  });

  describe('is strict:', () => {
    const good = JSON.stringify(askedBody());
    test.each([
      ['a member twice', good.replace('"audience"', '"flow":"x","audience"'), 400, 'malformed'],
      [
        'a poisoned member',
        good.replace('"audience"', '"__proto__":{"admin":true},"audience"'),
        400,
        'malformed',
      ],
      ['nesting', `${'['.repeat(500)}${']'.repeat(500)}`, 400, 'malformed'],
      ['what is no JSON', 'flow=identity-issue', 400, 'malformed'],
      ['half a surrogate pair', good.replace('monthly', '\\ud800'), 400, 'malformed'],
      ['another member', good.replace('"audience"', '"admin":true,"audience"'), 400, 'invalid'],
      ['another member inside', good.replace('"deputy"', '"revisionReviewed":true,"deputy"'), 400, 'invalid'],
      ['a list', '[]', 400, 'invalid'],
      ['a fraction', good.replace('"SEC-1"', '0.5'), 400, 'invalid'],
      ['a date that the calendar has not', good.replace('2026-12-31', '2026-02-30'), 400, 'invalid'],
      ['a time that is not in UTC', good.replace('00:00:00Z', '00:00:00+01:00'), 400, 'invalid'],
      ['a number for a text', good.replace('"svc-reporting"', '7'), 400, 'invalid'],
      ['an empty owner', good.replace('"group:platform-security"', '""'), 400, 'invalid'],
      ['too much', JSON.stringify({ flow: 'x'.repeat(70_000) }), 413, 'too-large'],
    ])('%s is refused', async (_, body, status, code) => {
      const answer = await rui.post('/runs', body);
      expect([answer.status, answer.body['code']]).toEqual([status, code]);
    });

    test.each(['application/x-www-form-urlencoded', 'text/plain', 'application/json; charset=utf-16', ''])(
      'a body of type `%s` is refused, so no form of another site can send one',
      async (type) => {
        const answer = await rui.post('/runs', good, { 'content-type': type });
        expect([answer.status, answer.body['code']]).toEqual([415, 'not-json']);
      },
    );

    test('the private half of a key is refused as a member that is not known, and not repeated', async () => {
      const jwk = { kty: 'EC', kid: 'k', crv: 'P-256', x: 'AA', y: 'AA', d: 'a-private-scalar' };
      const answer = await rui.post('/runs', askedBody({ keys: [jwk] }));
      expect(answer.status).toBe(400);
      expect(reasonsOf(answer).map(({ message }) => message)).toEqual([
        '`identity.keys.0.d` is not known here',
      ]);
      expect(answer.text).not.toContain('a-private-scalar');
    });

    test('a query is refused where none is taken', async () => {
      expect((await rui.post('/runs?flow=x', askedBody())).status).toBe(400);
      expect((await rui.get('/inbox?all=true')).status).toBe(400);
      expect((await rui.get('/runs?limit=0')).status).toBe(400);
      expect((await rui.get('/runs?limit=1&limit=2')).status).toBe(400);
      expect((await rui.get('/identities?after=%21')).status).toBe(400);
      expect((await rui.get('/identities?everything=1')).status).toBe(400);
    });
  });

  test('S1.1 what nothing has to be waited for is 201', async () => {
    await using other = await openApiHouse(...NO_APPROVALS);
    const person = await other.person('user:rui');
    const answer = await person.post('/runs', askedBody());
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ state: 'issued', identity: 'svc-reporting', dueAt: null });
  });
});

describe('lists', () => {
  test('pages follow one another until there is no next, each thing once', async () => {
    await using api = await openApiHouse();
    const rui = await api.person('user:rui');
    for (let i = 0; i < 7; i++) await rui.post('/runs', askedBody({ name: `svc-${i}` }));
    const all = async (path: string, member: string, limit: number): Promise<readonly unknown[]> => {
      const rows: unknown[] = [];
      let next: unknown = null;
      do {
        const from = typeof next === 'string' ? `&after=${next}` : '';
        const { body } = await rui.get(`${path}?limit=${limit}${from}`);
        const page = body[member];
        if (Array.isArray(page)) rows.push(...page);
        next = body['next'];
      } while (next !== null);
      return rows;
    };
    for (const limit of [1, 2, 3, 100]) {
      expect(
        new Set((await all('/runs', 'runs', limit)).map((row) => Reflect.get(Object(row), 'run'))).size,
      ).toBe(7);
      expect(
        (await all('/identities', 'identities', limit)).map((row) => Reflect.get(Object(row), 'name')),
      ).toEqual(['agent-crm', 'billing-export', 'edge-0042', 'svc-payments']);
    }
    const { body } = await rui.get('/identities?owner=user:ana');
    expect(body['identities']).toEqual([
      expect.objectContaining({ name: 'svc-payments', because: expect.any(String) }),
    ]);
  });
});
