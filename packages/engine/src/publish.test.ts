import { decodeLeaf, parseRecord } from '@writ/ledger';
import { createFakeClock, type EngineHouse, openEngineHouse } from '@writ/testkit';
import { NOON } from '@writ/testkit/facts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let house: EngineHouse;

beforeEach(async () => {
  house = await openEngineHouse();
});
afterEach(async () => house.close());

interface Seen {
  readonly dev: boolean;
  readonly record: ReturnType<typeof parseRecord>;
}

async function entries(type: string, place = house): Promise<readonly Seen[]> {
  const { read } = place.house.store;
  const { size } = await read.tree();
  return (await read.entries(0, size))
    .map(({ leaf, record }) => ({ dev: decodeLeaf(leaf).dev, record: parseRecord(record ?? '') }))
    .filter(({ record }) => record.type === type);
}

const status = [
  'identities.yaml',
  'name: svc-payments\n',
  'name: svc-payments\n    status: suspended\n',
] as const;
const closed = ['sources.yaml', 'value: open', 'value: closed'] as const;

describe('genesis', () => {
  test('is the first leaf, names the set, and is followed by its identities', async () => {
    const [first] = await house.house.store.read.entries(0, 1);
    expect(parseRecord(first?.record ?? '')).toMatchObject({
      type: 'artefacts',
      mode: 'genesis',
      previous: null,
      hash: house.installation.set.hash,
    });
    expect(await entries('identity')).toHaveLength(house.installation.identities.length);
    expect(await house.engine.publisher.currentHash()).toBe(house.installation.set.hash);
  });

  test('there is one', async () => {
    await expect(house.engine.publisher.genesis(house.installation, false)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('a set that was published is not of development, and neither are its issuances', async () => {
    await house.issued();
    expect((await entries('issue')).map(({ dev }) => dev)).toEqual([false]);
    expect((await entries('artefacts')).map(({ dev }) => dev)).toEqual([false]);
  });

  test('a genesis that was cut off before its last identity is finished by the next one, and then is done', async () => {
    const { publisher } = house.engine;
    const { identities } = house.installation;
    const [first] = identities;
    if (first === undefined) throw new Error('the example registers nobody');
    const late = { ...first, name: 'svc-late', uri: 'spiffe://acme.example/workload/svc-late' };
    const more = { ...house.installation, identities: [...identities, late] };
    await publisher.genesis(more, false);
    expect(await house.engine.identity('svc-late')).toMatchObject({ revision: 1 });
    await expect(publisher.genesis(more, false)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a genesis of development marks every receipt under it', async () => {
    await using dev = await openEngineHouse({ dev: true });
    await dev.issued();
    expect((await entries('issue', dev)).map((seen) => seen.dev)).toEqual([true]);
    expect((await dev.audit()).findings).toEqual([]);
  });
});

describe('adoption by `writ dev`', () => {
  test('S3.12 says in its leaf that nobody reviewed it, and so does every receipt from then on', async () => {
    await house.issued();
    await house.adopt(closed);
    await house.issued({ fields: { target: 'staging' } });
    expect(
      (await entries('artefacts')).map(({ dev, record }) => [dev, 'mode' in record && record.mode]),
    ).toEqual([
      [false, 'genesis'],
      [true, 'dev'],
    ]);
    expect((await entries('issue')).map(({ dev }) => dev)).toEqual([false, true]);
  });

  test('of what is in force already changes nothing', async () => {
    const { size } = await house.house.store.read.tree();
    expect(await house.engine.publisher.adopt(house.installation)).toBeNull();
    expect((await house.house.store.read.tree()).size).toBe(size);
  });

  test('names the set it replaced, back and forth', async () => {
    const first = house.installation.set.hash;
    const next = await house.adopt(closed);
    expect(await house.engine.publisher.adopt(house.installation)).toEqual({ previous: next.set.hash });
    expect(await house.engine.publisher.currentHash()).toBe(first);
    // What was genesis once is in force without a review now, and says so.
    await house.issued();
    expect((await entries('issue')).map(({ dev }) => dev)).toEqual([true]);
  });

  test('of two at once one wins, and the other is told', async () => {
    const { publisher } = house.engine;
    const { loadAcme } = await import('@writ/testkit/facts');
    const sets = [loadAcme(closed), loadAcme(['sources.yaml', 'score: 10', 'score: 11'])];
    const results = await Promise.allSettled(sets.map(async (set) => publisher.adopt(set)));
    expect(results.map(({ status: how }) => how).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('a set is what decides from the moment of its leaf', async () => {
    await house.adopt(closed);
    expect((await house.engine.request(house.asked())).outcome).toBe('waiting');
    await house.adopt();
    expect((await house.engine.request(house.asked())).outcome).toBe('issued');
  });

  test('an empty store has nothing to adopt over', async () => {
    const { set } = house.installation;
    expect(set.hash).toHaveLength(64);
    expect((await house.engine.artefacts()).hash).toBe(set.hash);
  });

  test('a stored set that no longer loads as itself is not decided by', async () => {
    const { read } = house.house.store;
    const { hash } = house.installation.set;
    const row = await read.row('artefact_sets', hash);
    const files = JSON.stringify({ files: (await house.adopt(closed)).files });
    await house.adopt();
    await house.house.store.commit({
      expect: [],
      consume: [],
      append: null,
      write: [
        {
          kind: 'row',
          table: 'artefact_sets',
          row: { hash, mode: row?.mode ?? '', body: files },
        },
      ],
    });
    const clock = createFakeClock(NOON);
    const { data } = house;
    await house.house[Symbol.asyncDispose]();
    await expect(openEngineHouse({ data, clock, seed: 'again' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('no longer loads as itself'),
    });
  });
});

describe('identities', () => {
  test('S1.16 registered again with another field they are a new revision, and the same ones are not', async () => {
    const revision = async (): Promise<number | undefined> =>
      (await house.engine.identity('svc-payments'))?.revision;
    expect(await revision()).toBe(1);
    await house.adopt(closed);
    expect(await revision()).toBe(1);
    await house.adopt([
      'identities.yaml',
      'deputy: group:platform-security',
      'deputy: group:identity-governance',
    ]);
    expect(await revision()).toBe(2);
    await house.adopt();
    expect(await revision()).toBe(3);
    const leaves = (await entries('identity')).filter(
      ({ record }) => record.type === 'identity' && record.identity === 'svc-payments',
    );
    expect(leaves.map(({ record }) => record.type === 'identity' && record.revision)).toEqual([1, 2, 3]);
  });

  test.each([
    ['owner', 'owner: user:ana', 'owner: user:mei'],
    ['purpose', 'purpose: deploys the payments service', 'purpose: something else'],
    ['environment', 'environment: production\n    expires', 'environment: staging\n    expires'],
    ['end', 'expires: 2030-01-01T00:00:00Z', 'expires: 2029-01-01T00:00:00Z'],
    ['review', 'name: svc-payments\n', 'name: svc-payments\n    revision-reviewed: true\n'],
  ])('another %s is another revision', async (_, from, to) => {
    await house.adopt(['identities.yaml', from, to]);
    expect((await house.engine.identity('svc-payments'))?.revision).toBe(2);
  });

  test('a revision made between decision and commit voids what was decided under the old one', async () => {
    let once = true;
    house.intercept(async (commit) => {
      if (commit.append?.type === 'issue' && once) {
        once = false;
        await house.adopt(status);
      }
      return undefined;
    });
    expect(await house.engine.request(house.asked())).toMatchObject({
      outcome: 'declined',
      reasons: [{ rule: 'identity.status' }],
    });
    expect(await entries('issue')).toEqual([]);
  });

  test('registered by two at once they are registered twice over, in order', async () => {
    await Promise.all([
      house.adopt(['identities.yaml', 'owner: user:ana', 'owner: user:mei']),
      house.engine.publisher.adopt(house.installation),
    ]);
    const revisions = (await entries('identity')).flatMap(({ record }) =>
      record.type === 'identity' && record.identity === 'svc-payments' ? [record.revision] : [],
    );
    expect(revisions).toEqual(revisions.map((_, i) => i + 1));
  });

  test('are listed in the order of their names, page by page', async () => {
    const all = await house.engine.identities(null, 10);
    expect(all.map(({ name }) => name)).toEqual(['agent-crm', 'billing-export', 'edge-0042', 'svc-payments']);
    const page = await house.engine.identities('billing-export', 1);
    expect(page.map(({ name }) => name)).toEqual(['edge-0042']);
    expect(await house.engine.identity('nobody')).toBeNull();
  });
});
