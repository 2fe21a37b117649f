import { type EngineHouse, HOLDER_KEY, openEngineHouse } from '@writ/testkit';
import type { Edit } from '@writ/testkit/facts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Issued } from './asked.ts';
import type { Revoker } from './revoke.ts';

/** The resource server of each audience may introspect. */
const INTROSPECTING: readonly Edit[] = [
  [
    'audiences.yaml',
    'uri: "https://deploy.acme.example", owner: group:platform-security, enforces: [dpop]',
    'uri: "https://deploy.acme.example", owner: group:platform-security, enforces: [dpop], introspection: { client: deploy-api, keys: [] }',
  ],
  [
    'audiences.yaml',
    'uri: "https://artifacts.acme.example", owner: group:platform-security, enforces: [dpop]',
    'uri: "https://artifacts.acme.example", owner: group:platform-security, enforces: [dpop], introspection: { client: artifacts-api, keys: [] }',
  ],
];

let house: EngineHouse;

beforeEach(async () => {
  house = await openEngineHouse({ edits: INTROSPECTING });
});
afterEach(async () => house.close());

async function active({ token }: Issued, client = 'deploy-api'): Promise<boolean> {
  return (await house.engine.introspect(token.reveal(), client)).active;
}

function holder(thumbprint = HOLDER_KEY): Revoker {
  const { holder: shown } = house.asked();
  if (shown === null) throw new Error('no holder');
  return { kind: 'holder', thumbprint, proof: shown.proof };
}

const revocations = async (): Promise<number> =>
  house.events.filter(({ event }) => event === 'revoked').length;

describe('introspection (RFC 7662)', () => {
  test('S0.15 says of a live token what it is, to the resource server of its audience', async () => {
    const issued = await house.issued();
    expect(await house.engine.introspect(issued.token.reveal(), 'deploy-api')).toEqual({
      active: true,
      iss: 'http://localhost:8420',
      sub: 'spiffe://acme.example/workload/svc-payments',
      aud: 'https://deploy.acme.example',
      client_id: 'svc-payments',
      scope: 'deploy:read',
      jti: expect.any(String),
      iat: house.clock.now() / 1000,
      exp: house.clock.now() / 1000 + 600,
      token_type: 'DPoP',
      cnf: { jkt: HOLDER_KEY },
    });
  });

  test.each(['artifacts-api', 'nobody', '', 'svc-payments'])('I2 says nothing to `%s`', async (client) => {
    const issued = await house.issued();
    expect(await house.engine.introspect(issued.token.reveal(), client)).toEqual({ active: false });
  });

  test('S4.6 is dead in the millisecond of its end', async () => {
    const issued = await house.issued();
    house.clock.advance(599.999);
    expect(await active(issued)).toBe(true);
    house.clock.advance(0.001);
    expect(await active(issued)).toBe(false);
  });

  test('law 10 I8 other bytes are another token, or none', async () => {
    const issued = await house.issued();
    const token = issued.token.reveal();
    const [head = '', payload = '', signature = ''] = token.split('.');
    const forged = Buffer.from(payload, 'base64url').toString().replace('svc-payments', 'svc-paymentz');
    for (const other of [
      '',
      'x',
      `${token} `,
      `${token}=`,
      `${head}.${payload}.`,
      `${head}.${payload}`,
      `${head}.${Buffer.from(forged).toString('base64url')}.${signature}`,
      `${head}.${payload}.${signature.slice(0, -2)}`,
    ]) {
      expect(await house.engine.introspect(other, 'deploy-api')).toEqual({ active: false });
    }
    expect(await active(issued)).toBe(true);
  });

  test('law 3 a suspended identity’s tokens are dead, and alive again with it', async () => {
    const issued = await house.issued();
    await house.adopt(...INTROSPECTING, [
      'identities.yaml',
      'name: svc-payments\n',
      'name: svc-payments\n    status: suspended\n',
    ]);
    expect(await active(issued)).toBe(false);
    await house.adopt(...INTROSPECTING);
    expect(await active(issued)).toBe(true);
  });

  test('a token whose issuance was committed and never recorded as a credential is none', async () => {
    const issued = await house.issued();
    await using stranger = await openEngineHouse({ edits: INTROSPECTING, seed: 'stranger' });
    expect(await stranger.engine.introspect(issued.token.reveal(), 'deploy-api')).toEqual({ active: false });
  });
});

describe('revocation (RFC 7009)', () => {
  test('S4.4 by the resource server or by the holder of the key it is final, and one leaf', async () => {
    for (const by of [{ kind: 'client', client: 'deploy-api' } as const, holder()]) {
      const issued = await house.issued();
      await house.engine.revoke(issued.token.reveal(), by);
      expect(await active(issued)).toBe(false);
      await house.engine.revoke(issued.token.reveal(), by.kind === 'holder' ? holder() : by);
    }
    expect(await revocations()).toBe(2);
  });

  test('I6 by anybody else it has no effect and says nothing', async () => {
    const issued = await house.issued();
    const others: readonly Revoker[] = [
      { kind: 'client', client: 'artifacts-api' },
      { kind: 'client', client: 'nobody' },
      holder('another key'),
      holder(''),
    ];
    for (const by of others) await house.engine.revoke(issued.token.reveal(), by);
    expect(await active(issued)).toBe(true);
    expect(await revocations()).toBe(0);
  });

  test('I7 of what is no token, or has ended, is no error and no leaf', async () => {
    const issued = await house.issued();
    for (const token of ['', 'x.y.z', `${issued.token.reveal()}x`])
      await house.engine.revoke(token, holder());
    house.clock.advance(600);
    await house.engine.revoke(issued.token.reveal(), holder());
    expect(await revocations()).toBe(0);
  });

  test('of 12 at once one is the leaf', async () => {
    const issued = await house.issued();
    await Promise.all(
      Array.from({ length: 12 }, async () => house.engine.revoke(issued.token.reveal(), holder())),
    );
    expect(await revocations()).toBe(1);
    expect(await active(issued)).toBe(false);
  });

  test('D14 a proof that was used revokes nothing', async () => {
    const [first, second] = [await house.issued(), await house.issued()];
    const by = holder();
    await house.engine.revoke(first.token.reveal(), by);
    await expect(house.engine.revoke(second.token.reveal(), by)).rejects.toMatchObject({ code: 'refused' });
    expect(await active(second)).toBe(true);
  });

  test('S4.11 what is revoked takes nothing of the budget any more', async () => {
    await house.adopt(...INTROSPECTING, ['rights/deploy.yaml', 'live: 200', 'live: 1']);
    const issued = await house.issued();
    expect((await house.engine.request(house.asked())).outcome).toBe('declined');
    await house.engine.revoke(issued.token.reveal(), holder());
    expect((await house.engine.request(house.asked())).outcome).toBe('issued');
  });

  test('the receipt of a revoked token is still that of its issuance', async () => {
    const issued = await house.issued();
    await house.engine.revoke(issued.token.reveal(), holder());
    const found = await house.engine.explain(issued.run);
    expect(found).toMatchObject({
      kind: 'issuance',
      index: issued.index,
      live: false,
      because: 'state',
      record: { type: 'issue', run: issued.run },
    });
  });
});

describe('spending a key by itself', () => {
  test('works once, also of many at once', async () => {
    const key = { key: 'a proof', holder: null, until: house.clock.now() + 1000 };
    const spent = await Promise.all(Array.from({ length: 16 }, async () => house.engine.spend(key)));
    expect(spent.filter((won) => won)).toHaveLength(1);
  });
});

describe('explain', () => {
  test('S2.16 finds an issuance by its run, its token’s id and its index, with all that was decided', async () => {
    const issued = await house.issued();
    const seen = await house.engine.introspect(issued.token.reveal(), 'deploy-api');
    for (const reference of [issued.run, seen.active ? seen.jti : '', String(issued.index)]) {
      expect(await house.engine.explain(reference)).toMatchObject({
        kind: 'issuance',
        index: issued.index,
        live: true,
        because: null,
        record: { identity: 'svc-payments', right: 'payments-deploy' },
      });
    }
  });

  test('S1.7 finds a refusal by its reference, and tells owners what would have been accepted', async () => {
    const answer = await house.engine.request(
      house.asked({ tokens: [{ token: house.ciToken({ ref: 'refs/heads/main' }), role: 'subject' }] }),
    );
    const reference = answer.outcome === 'declined' ? answer.reference : '';
    const wanted = {
      kind: 'refusal',
      refusal: {
        identity: 'svc-payments',
        disclosed: true,
        reasons: [{ rule: 'proof.github.ref', expected: 'like refs/heads/release-*' }],
      },
    };
    expect(await house.engine.explain(reference)).toMatchObject(wanted);
    // It survives the process, as whoever proved something may ask for it.
    await expect
      .poll(async () => house.house.store.read.row('decisions', reference))
      .toMatchObject({ identity: 'svc-payments', outcome: 'refused' });
  });

  test('S2.16 a waiting run is found, and nothing is found of what is not there', async () => {
    await house.adopt(...INTROSPECTING, ['sources.yaml', 'value: open', 'value: closed']);
    const answer = await house.engine.request(house.asked());
    const run = answer.outcome === 'waiting' ? answer.run : '';
    expect(await house.engine.explain(run)).toMatchObject({ kind: 'run', run: { state: 'waiting' } });
    for (const nothing of ['', 'ref_nothing', 'run_nothing', '999999', '-1', '0x1', '__proto__']) {
      expect(await house.engine.explain(nothing)).toBeNull();
    }
  });

  test('refusals of strangers are kept in memory alone, and no more than a thousand', async () => {
    const tokens = [{ token: house.ciToken({ repository_id: '7' }), role: 'subject' as const }];
    const references: string[] = [];
    for (let i = 0; i < 1_010; i++) {
      const answer = await house.engine.request(house.asked({ tokens, holder: null }));
      references.push(answer.outcome === 'declined' ? answer.reference : '');
    }
    expect(new Set(references).size).toBe(1_010);
    expect(await house.engine.explain(references[0] ?? '')).toBeNull();
    expect(await house.engine.explain(references.at(-1) ?? '')).toMatchObject({
      kind: 'refusal',
      refusal: { disclosed: false },
    });
    expect(await house.house.store.read.rows('decisions', { limit: 10 })).toEqual([]);
  });
});
