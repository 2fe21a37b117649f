import { type Api, ApiProblem, createApi } from '@writ/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHouse, type ApiPerson, askedBody, openApiHouse } from './api-house.ts';
import type { Description } from './conforms.ts';

let api: ApiHouse;
let rui: ApiPerson;
let mei: ApiPerson;

beforeAll(async () => {
  api = await openApiHouse();
  [rui, mei] = await Promise.all([api.person('user:rui'), api.person('user:mei')]);
});
afterAll(async () => api[Symbol.asyncDispose]());

const url = (): string => api.base.replace('/api/v1', '');
const clientOf = ({ secret }: ApiPerson): Api => createApi({ url: url(), session: secret });
const asked = (name: string): Parameters<Api['requestIdentity']>[0] => ({
  flow: 'identity-issue',
  identity: {
    name,
    kind: 'service-account',
    owner: 'group:platform-security',
    deputy: 'user:rui',
    purpose: 'monthly reports',
    environment: 'staging',
    expires: '2026-12-31T00:00:00Z',
  },
  audience: 'https://reports.acme.example',
  scopes: ['reports:read'],
  fields: { ticket: 'SEC-1', environments: ['staging'] },
});

async function all<T>(rows: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

describe('the client', () => {
  test('has a method for every operation of the description, and no others', async () => {
    const document = (await (await fetch(`${api.base}/openapi.json`)).json()) as Description;
    const described = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect(new Set(Object.keys(clientOf(rui)))).toEqual(new Set(described));
  });

  test('asks, looks, approves with a passkey, and finds what was registered', async () => {
    const [asking, approving] = [clientOf(rui), clientOf(mei)];
    expect(await asking.previewRun(asked('svc-client'))).toMatchObject({ outcome: 'waiting' });
    const { run, repeated } = await asking.requestIdentity(asked('svc-client'));
    expect([run.state, repeated]).toEqual(['waiting', false]);
    expect((await asking.getRun(run.run)).value).toEqual(run);
    expect((await approving.getInbox()).map((item) => item.run)).toContain(run.run);
    const decision = { rule: 'owner-accepts', decision: 'approve' } as const;
    const { nonce, challenge } = await approving.challengeRun(run.run, decision);
    const assertion = mei.passkey.assert(Buffer.from(challenge, 'base64url'));
    const after = await approving.approveRun(run.run, { rule: 'owner-accepts', nonce, assertion });
    expect(after.state).toBe('issued');
    expect(await asking.getIdentity('svc-client')).toMatchObject({ value: { revision: 1 }, etag: '"1"' });
    const change = { ...asked('svc-client'), scopes: ['reports:read', 'reports:write'] };
    const changing = await asking.requestIdentity(change, { ifMatch: '"1"' });
    expect(changing.run.changes.map(({ member }) => member)).toContain('entitlement.scopes');
    expect((await asking.cancelRun(changing.run.run)).state).toBe('cancelled');
    expect(await asking.showMe()).toMatchObject({ person: 'user:rui' });
  });

  test('lists all of it, page after page', async () => {
    const client = clientOf(rui);
    for (let i = 0; i < 3; i++) await client.requestIdentity(asked(`svc-list-${i}`));
    const runs = await all(client.listRuns());
    expect(runs.map(({ identity }) => identity)).toEqual(
      expect.arrayContaining(['svc-list-0', 'svc-list-1', 'svc-list-2']),
    );
    expect((await all(client.listIdentities('user:ana'))).map(({ name }) => name)).toEqual(['svc-payments']);
  });

  test('a problem is one error, with code, status, rule, help and reference', async () => {
    const client = clientOf(rui);
    const refused = await client
      .requestIdentity({ ...asked('svc-x'), identity: { ...asked('svc-x').identity, owner: 'user:rui' } })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiProblem);
    expect(refused).toMatchObject({
      code: 'refused',
      status: 403,
      rule: expect.any(String),
      help: expect.any(String),
      reference: expect.stringMatching(/^ref_/),
      reasons: [expect.objectContaining({ message: expect.any(String) })],
    });
    await expect(client.getRun('run_nothing')).rejects.toMatchObject({ code: 'unknown', status: 404 });
    await expect(createApi({ url: url(), session: null }).getInbox()).rejects.toMatchObject({
      code: 'not-signed-in',
      status: 401,
    });
  });

  test.each(['../runs', '..', '.', '', 'x/approve?y=', '%2e%2e'])(
    'the name `%s` leads nowhere',
    async (name) => {
      await expect(clientOf(rui).getIdentity(name)).rejects.toMatchObject({ code: 'unknown', status: 404 });
      await expect(clientOf(rui).getRun(name)).rejects.toMatchObject({ code: 'unknown', status: 404 });
    },
  );

  describe('where no answer comes', () => {
    /** Loses so many answers to requests that the server did take. */
    const losing = (count: number): { fetch: typeof fetch; sent: Request[] } => {
      const sent: Request[] = [];
      const lossy: typeof fetch = async (input, init) => {
        sent.push(new Request(input, init));
        const answer = await fetch(input, init);
        if (sent.length <= count) throw new TypeError('fetch failed');
        return answer;
      };
      return { fetch: lossy, sent };
    };

    test('what is asked for is sent again with the same key, and there is one run', async () => {
      const { fetch: lossy, sent } = losing(2);
      const client = createApi({ url: url(), session: rui.secret, fetch: lossy });
      const { run, repeated } = await client.requestIdentity(asked('svc-lost'));
      expect([sent.length, repeated]).toEqual([3, true]);
      expect(new Set(sent.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1);
      const runs = await all(clientOf(rui).listRuns());
      expect(runs.filter(({ identity }) => identity === 'svc-lost').map((each) => each.run)).toEqual([
        run.run,
      ]);
    });

    test('nothing else is sent again', async () => {
      const { body } = await rui.post('/runs', askedBody({ name: 'svc-once' }));
      const { fetch: lossy, sent } = losing(1);
      const client = createApi({ url: url(), session: rui.secret, fetch: lossy });
      await expect(client.cancelRun(String(body['run']))).rejects.toMatchObject({ code: 'unreachable' });
      expect(sent.length).toBe(1);
    });
  });

  test('a session is not sent in the clear to another machine, nor where an answer leads', async () => {
    expect(() => createApi({ url: 'http://writ.acme.example', session: 'x' })).toThrow(/not https/);
    expect(() => createApi({ url: 'ftp://localhost', session: 'x' })).toThrow(/not https/);
    const elsewhere: typeof fetch = async (_, init) => {
      if (init?.redirect === 'error') throw new TypeError('unexpected redirect');
      return new Response();
    };
    const client = createApi({ url: url(), session: rui.secret, fetch: elsewhere });
    await expect(client.getInbox()).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('what is not Writ says so', async () => {
    const page: typeof fetch = async () => new Response('<html>', { status: 502 });
    const other: typeof fetch = async () => Response.json({ error: 'x' }, { status: 500 });
    for (const answering of [page, other]) {
      const client = createApi({ url: url(), session: null, fetch: answering });
      await expect(client.getInbox()).rejects.toMatchObject({ code: 'not-writ' });
    }
  });
});
