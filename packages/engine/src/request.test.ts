import type { Commit, CommitResult } from '@writ/core';
import { loadSet } from '@writ/flow';
import { parsePolicy, parseReceipt, parseRecord, verifyReceipt } from '@writ/ledger';
import { type EngineHouse, HOLDER_KEY, openEngineHouse, paperToken, verifyEd25519 } from '@writ/testkit';
import { sha256 } from '@writ/testkit/facts';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answer, Asked, Issued } from './asked.ts';
import { newEntry } from './entry.ts';

let house: EngineHouse;

beforeEach(async () => {
  house = await openEngineHouse();
});
// The one oracle after every scenario: whatever happened, the log accounts for it.
afterEach(async () => house.close());

function told(answer: Answer): string {
  if (answer.outcome !== 'declined') return answer.outcome;
  return `${answer.fault} ${answer.reasons?.[0]?.rule ?? 'nothing told'}`;
}

async function ask(changes: Partial<Asked> = {}): Promise<string> {
  return told(await house.engine.request(house.asked(changes)));
}

/** Whole log, as records. */
async function records(): Promise<readonly ReturnType<typeof parseRecord>[]> {
  const { read } = house.house.store;
  const { size } = await read.tree();
  return (await read.entries(0, size)).map(({ record }) => parseRecord(record ?? ''));
}

async function issuances(): Promise<number> {
  return (await records()).filter(({ type }) => type === 'issue').length;
}

/** Lets something happen once, between the decision and its commit; `times` commits in a row. */
function before(happens: (commit: Commit) => Promise<void>, times = 1): void {
  let left = times;
  house.intercept(async (commit): Promise<CommitResult | undefined> => {
    if (commit.append?.type === 'issue' && left > 0) {
      left -= 1;
      await happens(commit);
    }
    return undefined;
  });
}

describe('an issuance', () => {
  test('S1.7 S4.3 is a token of RFC 9068 for one audience, bound to the key, with its receipt', async () => {
    const issued = await house.issued();
    expect(issued).toMatchObject({ tokenType: 'DPoP', expiresIn: 600, scopes: ['deploy:read'] });
    const keys = createLocalJWKSet({ keys: [...(await house.engine.keys.published())] as never });
    const { payload, protectedHeader } = await jwtVerify(issued.token.reveal(), keys, {
      audience: 'https://deploy.acme.example',
      issuer: 'http://localhost:8420',
      typ: 'at+jwt',
      currentDate: new Date(house.clock.now()),
    });
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    expect(payload).toMatchObject({ cnf: { jkt: HOLDER_KEY }, client_id: 'svc-payments' });
    expect(String(issued.token)).toBe('[secret]');
  });

  test('law 3 its receipt verifies offline, for these bytes and for no other', async () => {
    const { token, receipt, index } = await house.issued();
    const other = await house.issued();
    const policy = parsePolicy(sha256, `log ${house.house.logKey.text}\nquorum none\n`);
    const verify = (credential: Issued): ReturnType<typeof verifyReceipt> => {
      const bytes = Buffer.from(credential.token.reveal().split('.').slice(0, 2).join('.'));
      return verifyReceipt({
        hash: sha256,
        verify: verifyEd25519,
        policy,
        receipt,
        tbs: { kind: 'jwt', bytes },
      });
    };
    const entry = await house.house.store.read.entry(index);
    const opened = verify({ ...other, token });
    expect(opened).toMatchObject({ index, leaf: { type: 'issue', dev: false, unattended: true } });
    expect(parseReceipt(receipt).leaf).toEqual(entry?.leaf);
    expect(() => verify(other)).toThrow(/another credential/);
  });

  test('S0.15 the receipt is fetched again by what only a holder can know', async () => {
    const { index, run } = await house.issued();
    const [credential] = await house.house.store.read.rows('credentials', {
      column: 'run',
      equals: run,
      limit: 1,
    });
    const again = await house.engine.receipt(credential?.id ?? '');
    expect(parseReceipt(again ?? '').index).toBe(index);
    expect(await house.engine.receipt(credential?.tbs_digest ?? '')).toBeNull();
    expect(await house.engine.receipt('')).toBeNull();
  });

  test('S1.2 L5 its record says who, what, why and on what evidence, and holds no token and no claim', async () => {
    const asked = house.asked();
    const answer = await house.engine.request(asked);
    const record = (await records()).at(-1);
    expect(Object.keys(record ?? {}).toSorted()).toEqual(
      [
        'artefacts',
        'audience',
        'credential',
        'credential_class',
        'decided_by',
        'evidence',
        'flow',
        'freeze_scopes',
        'identity',
        'jkt',
        'kid',
        'not_after_ms',
        'owner',
        'plan',
        'purpose',
        'requested_at_ms',
        'right',
        'run',
        'scopes',
        'subject',
        'ttl',
        'type',
      ].toSorted(),
    );
    expect(record).toMatchObject({
      type: 'issue',
      identity: 'svc-payments',
      owner: 'user:ana',
      purpose: 'deploys the payments service',
      right: 'payments-deploy',
      decided_by: ['proof.github', 'policy.permit.release-to-production', 'right.payments-deploy'],
      evidence: [{ proof: 'github', anchor: 'github-actions/acme', assurance: 2 }],
    });
    const text = JSON.stringify(record);
    const token = answer.outcome === 'issued' ? answer.token.reveal() : '';
    for (const part of token.split('.')) expect(text).not.toContain(part);
    for (const secret of ['551237781', 'refs/heads', asked.tokens[0]?.token ?? '', 'actor_id']) {
      expect(text).not.toContain(secret);
    }
  });

  test('S2.13 its plan in the record is the digest of its bounds', async () => {
    const first = await house.issued();
    const second = await house.issued();
    const plans = (await records()).flatMap((record) => (record.type === 'issue' ? [record.plan] : []));
    expect(plans).toHaveLength(2);
    expect(plans[0]).toBe(plans[1]);
    expect(first.run).not.toBe(second.run);
    const other = await house.issued({ ttl: 60 });
    expect((await records()).at(-1)).not.toMatchObject({ plan: plans[0] });
    expect(other.expiresIn).toBe(60);
  });

  /** A machine that stands still for a while after it has decided: the key to sign with is the next thing it reads. */
  const stall = (seconds: number): void => {
    let stalled = false;
    house.reading(async (names) => {
      if (stalled || !names.some((name) => name.startsWith('active-key:'))) return;
      stalled = true;
      house.clock.advance(seconds);
    });
  };

  test('its life is counted from the decision, however long signing takes', async () => {
    stall(30);
    const { token, expiresIn } = await house.issued();
    const { iat, exp } = decodeJwt(token.reveal());
    expect((exp ?? 0) - (iat ?? 0)).toBe(expiresIn);
    expect((exp ?? 0) * 1000).toBe(house.clock.now() - 30_000 + expiresIn * 1000);
    expect((await records()).at(-1)).toMatchObject({ not_after_ms: (exp ?? 0) * 1000 });
  });

  test('S1.14 it never outlives its identity, in whatever millisecond it is asked for', async () => {
    const end = house.clock.now() + 600_000;
    await house.adopt(['identities.yaml', 'expires: 2030-01-01T00:00:00Z', 'expires: 2026-11-20T12:10:00Z']);
    for (const step of [0, 0.001, 0.998, 0.001, 300.5]) {
      house.clock.advance(step);
      stall(2.5);
      const { exp } = decodeJwt((await house.issued()).token.reveal());
      expect((exp ?? 0) * 1000).toBeLessThanOrEqual(end);
    }
  });
});

describe('single use', () => {
  test('G13 of 64 requests at once with one token exactly one is issued', async () => {
    const token = house.ciToken();
    const answers = await Promise.all(
      Array.from({ length: 64 }, async () => ask({ tokens: [{ token, role: 'subject' }] })),
    );
    expect(answers.filter((answer) => answer === 'issued')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'grant proof.replay')).toHaveLength(63);
    expect(await issuances()).toBe(1);
    expect(house.events.filter(({ event }) => event === 'replayed')).toHaveLength(63);
  });

  test('G13 the same `jti` in other bytes, for another audience and by another key is spent all the same', async () => {
    const paper = { iss: 'https://token.actions.githubusercontent.com', jti: 'one' };
    const claims = JSON.parse(house.ciToken()) as {
      iat: number;
      exp: number;
      claims: Record<string, string>;
    };
    const token = (more: Record<string, string>): Asked['tokens'] => [
      { token: paperToken({ ...claims, ...paper, claims: { ...claims.claims, ...more } }), role: 'subject' },
    ];
    expect(await ask({ tokens: token({}) })).toBe('issued');
    expect(await ask({ tokens: token({ run_id: '2' }) })).toBe('grant proof.replay');
    expect(await ask({ tokens: token({}), audience: 'https://artifacts.acme.example' })).toBe(
      'grant proof.replay',
    );
  });

  test('D14 a DPoP proof is spent by the issuance it was shown for, and named as what was spent', async () => {
    const { holder } = house.asked();
    expect(await ask({ holder })).toBe('issued');
    expect(await ask({ holder })).toBe('dpop-replay bind.dpop');
    expect(await issuances()).toBe(1);
  });

  test('what was refused has spent nothing', async () => {
    const { holder, tokens } = house.asked();
    expect(await ask({ holder, tokens, scopes: ['deploy:admin'] })).toMatch(/^scope /);
    expect(await ask({ holder, tokens })).toBe('issued');
  });

  test('S4.11 a budget is counted under the lock: 12 at once, 5 are issued', async () => {
    await house.adopt(['rights/deploy.yaml', 'live: 200', 'live: 5']);
    const answers = await Promise.all(Array.from({ length: 12 }, async () => ask()));
    expect(answers.filter((answer) => answer === 'issued')).toHaveLength(5);
    expect(new Set(answers)).toEqual(new Set(['issued', 'grant right.payments-deploy.budget']));
    house.clock.advance(601);
    expect(await ask()).toBe('issued');
  });

  test('S4.11 a rate lets so many through in its window, and again in the next', async () => {
    await house.adopt(['rights/deploy.yaml', 'rate: { max: 600, per: 1h }', 'rate: { max: 2, per: 1h }']);
    expect([await ask(), await ask(), await ask()]).toEqual([
      'issued',
      'issued',
      'grant right.payments-deploy.budget',
    ]);
    house.clock.advance(3600);
    expect(await ask()).toBe('issued');
  });
});

describe('a token handed out repeatedly (replay: first-key)', () => {
  beforeEach(async () => {
    await house.adopt([
      'identities.yaml',
      'name: agent-crm\n',
      'name: agent-crm\n    revision-reviewed: true\n',
    ]);
  });
  const other = (key: string): Pick<Asked, 'holder'> => {
    const { holder } = house.asked();
    return { holder: holder && { ...holder, key: { pop: 'dpop', thumbprint: key } } };
  };

  test('G13 counts again and again for its first key, and never for a second', async () => {
    const token = house.workloadToken();
    const by = async (changes: Partial<Asked> = {}): Promise<string> =>
      told(await house.engine.request(house.askedByAgent(changes, token)));
    expect([await by(), await by(), await by(other('second'))]).toEqual([
      'issued',
      'issued',
      'grant proof.replay',
    ]);
    expect(await by()).toBe('issued');
  });

  test('G13 of two keys at once one wins, and keeps it', async () => {
    const token = house.workloadToken();
    const race = await Promise.all(
      Array.from({ length: 16 }, async (_, i) => {
        const key = i % 2 === 0 ? 'even' : 'odd';
        const answer = await house.engine.request(house.askedByAgent(other(key), token));
        return `${key} ${told(answer)}`;
      }),
    );
    const winners = new Set(race.filter((each) => each.endsWith('issued')).map((each) => each.split(' ')[0]));
    expect(winners.size).toBe(1);
    expect(race.filter((each) => each.endsWith('issued'))).toHaveLength(8);
  });

  test('S2.8 S4.6 the agent’s token says for whom, by whom and within which limits', async () => {
    const answer = await house.engine.request(house.askedByAgent());
    const token = answer.outcome === 'issued' ? decodeJwt(answer.token.reveal()) : {};
    expect(token).toMatchObject({
      sub: 'ana-7f3c',
      act: { sub: 'spiffe://acme.example/agent/crm' },
      authorization_details: [{ type: 'writ_issuance', data_sets: ['crm-public'] }],
    });
    expect(token).not.toHaveProperty('authorization_details.0.task');
  });
});

describe('what changes between the decision and its commit', () => {
  const NARROW = ['rights/deploy.yaml', 'max-ttl: 15m', 'max-ttl: 5m'] as const;

  test('law 2 an artefact set switched meanwhile sends the request back, and the new one decides', async () => {
    before(async () => void (await house.adopt(NARROW)));
    expect((await house.issued()).expiresIn).toBe(300);
    expect(await issuances()).toBe(1);
  });

  test('law 2 three times, and it is contention', async () => {
    let turn = 0;
    before(async () => {
      turn += 1;
      await house.adopt(['rights/deploy.yaml', 'max-ttl: 15m', `max-ttl: ${turn}m`]);
    }, 3);
    expect(await ask()).toBe('contention contention');
    expect(turn).toBe(3);
    expect(await issuances()).toBe(0);
    expect(await ask()).toBe('issued');
  });

  test('F10 a freeze between decision and commit refuses', async () => {
    before(async () => {
      const freeze = house.engine.freeze({ scope: 'identity:svc-payments', reason: 'found', by: 'user:mei' });
      // It acknowledges only when what is under way is through, and that is us.
      await Promise.race([freeze, new Promise((go) => setTimeout(go, 200))]);
    });
    expect(await ask()).toBe('grant gate.freeze');
    expect(await issuances()).toBe(0);
  });

  test('a right suspended meanwhile refuses', async () => {
    before(
      async () =>
        void (await house.adopt([
          'rights/deploy.yaml',
          '    max-ttl: 15m\n',
          '    max-ttl: 15m\n    suspended: true\n',
        ])),
    );
    expect(await ask()).toBe('grant right.payments-deploy');
  });

  test('S1.16 an identity changed meanwhile is decided about anew', async () => {
    before(async () => void (await house.adopt(['identities.yaml', 'owner: user:ana', 'owner: user:mei'])));
    await house.issued();
    expect((await records()).at(-1)).toMatchObject({ owner: 'user:mei', identity: 'svc-payments' });
    before(
      async () =>
        void (await house.adopt([
          'identities.yaml',
          'name: svc-payments\n',
          'name: svc-payments\n    status: suspended\n',
        ])),
    );
    expect(await ask()).toBe('grant identity.status');
  });

  test('a key rotated meanwhile is not signed with', async () => {
    const old = await house.engine.keys.active('issuer-prod');
    before(async () => {
      const kid = await house.engine.keys.prepare('issuer-prod', 'test');
      const activated = house.engine.keys.activate('issuer-prod', kid, 'test');
      await Promise.race([activated, new Promise((go) => setTimeout(go, 200))]);
    });
    await house.issued();
    const record = (await records()).findLast(({ type }) => type === 'issue');
    expect(record).toMatchObject({ kid: await house.engine.keys.active('issuer-prod') });
    expect(record).not.toMatchObject({ kid: old });
  });

  test('G10 an anchor that believes another issuer by now does not believe the token verified before', async () => {
    let switched = false;
    house.meanwhile(async () => {
      if (switched) return;
      switched = true;
      await house.adopt([
        'anchors/github-actions.yaml',
        'issuer: https://token.actions.githubusercontent.com',
        'issuer: https://token.actions.example',
      ]);
    });
    expect(await ask()).toBe('grant nothing told');
    expect(await issuances()).toBe(0);
  });

  test('the same, when it is switched between decision and commit', async () => {
    before(
      async () =>
        void (await house.adopt([
          'anchors/github-actions.yaml',
          'issuer: https://token.actions.githubusercontent.com',
          'issuer: https://token.actions.example',
        ])),
    );
    expect(await ask()).toBe('grant nothing told');
  });
});

describe('log, then sign', () => {
  test('S0.1 a crash after the commit leaves an intent, and its evidence is spent', async () => {
    const asked = house.asked();
    house.intercept(async (commit) => {
      if (commit.append?.type !== 'issue') return undefined;
      house.intercept(null);
      await house.house.store.commit(commit);
      throw new Error('the power went');
    });
    await expect(house.engine.request(asked)).rejects.toThrow('the power went');
    expect(await issuances()).toBe(1);
    expect(told(await house.engine.request({ ...asked, holder: house.asked().holder }))).toBe(
      'grant proof.replay',
    );
    expect(await ask()).toBe('issued');
  });

  test('L7 a ledger that cannot be written to issues nothing', async () => {
    house.intercept(async (commit) => {
      if (commit.append === null) return undefined;
      throw new Error('disk full');
    });
    await expect(house.engine.request(house.asked())).rejects.toThrow('disk full');
    expect(house.events.filter(({ event }) => event === 'issued')).toEqual([]);
    house.intercept(null);
    expect(await ask()).toBe('issued');
  });

  test('law 5 the proof of another entry signs nothing', async () => {
    const first = await house.issued();
    const { read } = house.house.store;
    house.intercept(async (commit) => {
      if (commit.append?.type !== 'issue') return undefined;
      await house.house.store.commit(commit);
      return { outcome: 'committed', inclusion: await read.inclusion(first.index), timeMs: 0 };
    });
    await expect(house.engine.request(house.asked())).rejects.toMatchObject({ code: 'verification-failed' });
    house.intercept(async (commit) =>
      commit.append?.type === 'issue' ? { outcome: 'committed', inclusion: null, timeMs: 0 } : undefined,
    );
    await expect(house.engine.request(house.asked())).rejects.toMatchObject({ code: 'unavailable' });
    house.intercept(null);
  });

  test('what this version cannot do is refused before anything is committed', async () => {
    const flow = 'flows/ci-deploy-token.flow.yaml';
    const cases = [
      [[flow, 'to: [caller]', 'to: [vault/x]'], 'deliver'],
      [[flow, 'to: [caller]', 'to: [caller, vault/x]'], 'deliver'],
      [[flow, 'when: issued }', 'when: proven, by: probe, within: 1h }'], 'activate'],
      [
        [flow, 'pop: [dpop, mtls] ', 'pop: [dpop, mtls], source: { cidr: identity.environment } '],
        'bind.source',
      ],
    ] as const;
    for (const [edit, rule] of cases) {
      await house.adopt(edit);
      expect(await ask()).toBe(`grant ${rule}`);
    }
    await house.adopt();
    const { holder } = house.asked();
    const mtls = holder && { ...holder, key: { pop: 'mtls' as const, thumbprint: HOLDER_KEY } };
    expect(await ask({ holder: mtls })).toBe('grant bind.pop');
    expect(await issuances()).toBe(0);
  });

  test('nothing is logged that the auditor does not understand', () => {
    const ports = {
      now: house.clock.now,
      ids: { run: () => '', token: () => '', reference: () => '', salt: () => new Uint8Array(32) },
      sha256: () => new Uint8Array(32),
    };
    for (const record of [
      { artefacts: '0'.repeat(64), scope: 'identity:x', by: 'user:mei', reason: 'line\nbreak' },
      { artefacts: '0'.repeat(64), scope: 'identity:x', by: 'user:mei', reason: '' },
      { artefacts: 'short', scope: 'identity:x', by: 'user:mei', reason: 'x' },
      { artefacts: '0'.repeat(64), scope: 'identity:x', by: 'user:mei', reason: 'x', token: 'eyJ' },
    ]) {
      expect(() => newEntry(ports, 'freeze', record)).toThrow(/record is malformed/);
    }
  });
});

describe('what the caller is told (law 14)', () => {
  const stranger = (): Asked['tokens'] => [
    { token: house.ciToken({ repository_id: '7', repository: 'evil/x' }), role: 'subject' },
  ];

  test('E1 a stranger hears the same whatever it names and whatever exists', async () => {
    await house.engine.freeze({ scope: 'flow:agent-tool-identity', reason: 'x', by: 'user:mei' });
    const heard = new Set<string>();
    for (const changes of [
      {},
      { clientId: 'nobody' },
      { clientId: 'agent-crm' },
      { clientId: 'billing-export' },
      { audience: 'https://billing.acme.example' },
      { audience: 'https://nowhere.example' },
      { scopes: ['deploy:admin'] },
      { scopes: [] },
      { fields: { target: 'x' } },
      { ttl: 1_000_000 },
      { flow: 'no-such-flow' },
      { run: 'run_that_is_not' },
    ]) {
      heard.add(await ask({ tokens: stranger(), ...changes }));
    }
    for (const token of [
      '',
      'x',
      'a.b.c',
      paperToken({ iss: 'https://evil.example', iat: 0, exp: 9e9, claims: {} }),
    ]) {
      heard.add(await ask({ tokens: [{ token, role: 'subject' }] }));
    }
    heard.add(await ask({ tokens: [] }));
    expect([...heard]).toEqual(['grant nothing told']);
  });

  test('E1 whoever is known hears the rule, and never what would have been accepted', async () => {
    const answer = await house.engine.request(
      house.asked({ tokens: [{ token: house.ciToken({ ref: 'refs/heads/main' }), role: 'subject' }] }),
    );
    expect(answer).toMatchObject({
      outcome: 'declined',
      reasons: [{ rule: 'proof.github.ref', claim: 'ref', value: 'refs/heads/main' }],
    });
    expect(JSON.stringify(answer)).not.toContain('release-');
  });

  test.each<[string, Partial<Asked>]>([
    ['scope request.scopes', { scopes: [] }],
    [
      'scope right.payments-artifacts',
      { audience: 'https://artifacts.acme.example', scopes: ['deploy:write'] },
    ],
    ['target right', { audience: 'https://tools.acme.example/mcp/crm' }],
    ['target right', { flow: 'agent-tool-identity' }],
    ['details request.fields.target', { fields: {} }],
    ['details request.ttl', { ttl: 901 }],
    ['grant bind.pop', { holder: null }],
  ])('%s', async (wanted, changes) => {
    // The right's own cap is named before the flow's where it is closer; without a key a guardrail speaks first.
    const heard = await ask(changes);
    expect([wanted, 'grant guardrail.production-tokens-are-bound']).toContain(heard);
  });

  test('two flows for one audience: it asks which', async () => {
    const flow = house.installation.files.find(({ path }) => path.endsWith('ci-deploy-token.flow.yaml'));
    const second = flow?.text.replace('flow: ci-deploy-token', 'flow: second-deploy-token') ?? '';
    const { set, identities, files } = house.installation;
    const right = files.find(({ path }) => path === 'rights/deploy.yaml');
    const twice = [
      ...files.filter(({ path }) => path !== 'rights/deploy.yaml'),
      { path: 'flows/second.flow.yaml', text: second },
      {
        path: 'rights/deploy.yaml',
        text: `${right?.text ?? ''}  - id: second
    owner: group:platform-security
    authority: a second way
    identity: svc-payments
    flow: second-deploy-token
    audience: https://deploy.acme.example
    scopes: ["deploy:read"]
    max-ttl: 5m
    expires: 2030-01-01T00:00:00Z
    revocation: introspection
`,
      },
    ];
    const loaded = loadSet(twice, sha256);
    expect(loaded.problems).toEqual([]);
    await house.engine.publisher.adopt({ set: loaded.set ?? set, files: twice, identities });
    expect(await ask()).toBe('ambiguous right');
    expect((await house.issued({ flow: 'second-deploy-token' })).expiresIn).toBe(300);
    expect((await house.issued({ flow: 'ci-deploy-token' })).expiresIn).toBe(600);
  });
});

describe('two anchors of one issuer', () => {
  const SECOND = `writ: anchor/v1
anchor: github-actions/release
issuer: https://token.actions.githubusercontent.com
audience: https://writ.acme.example/release
assurance: 2
replay: once
algorithms: [RS256]
`;

  test('may differ in the audience they believe, and no two believe the same', async () => {
    const { files } = house.installation;
    const both = [...files, { path: 'anchors/release.yaml', text: SECOND }];
    expect(loadSet(both, sha256).problems).toEqual([]);
    const same = SECOND.replace('/release\nassurance', '\nassurance');
    const clash = loadSet([...files, { path: 'anchors/release.yaml', text: same }], sha256);
    expect(clash.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('a second anchor of issuer and audience'),
    ]);
  });
});

test('a token signed once is never signed again: a lost answer is a new issuance', async () => {
  const answers: Issued[] = [];
  for (let i = 0; i < 3; i++) answers.push(await house.issued());
  const ids = answers.map(({ token }) => decodeJwt(token.reveal()).jti);
  expect(new Set(ids).size).toBe(3);
  expect(new Set(answers.map(({ index }) => index)).size).toBe(3);
});
