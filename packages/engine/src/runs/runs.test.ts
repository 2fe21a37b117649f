import type { WritError } from '@writ/core';
import {
  askedIdentity,
  type EngineHouse,
  openEngineHouse,
  type SignedInPerson,
  signedInPerson,
} from '@writ/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunAnswer, RunView } from './runs.ts';

/** Seconds. */
const HOUR = 3_600;
const DAY = 24 * HOUR;

let house: EngineHouse;
let rui: SignedInPerson;
let mei: SignedInPerson;

beforeEach(async () => {
  house = await openEngineHouse({ dev: true });
  rui = await signedInPerson(house, 'user:rui');
  mei = await signedInPerson(house, 'user:mei');
});
afterEach(async () => house.close());

function waiting(answer: RunAnswer): RunView {
  if (answer.outcome === 'refused') throw new Error(JSON.stringify(answer.reasons));
  return answer.run;
}

const ask = async (...changes: Parameters<typeof askedIdentity>): Promise<RunView> =>
  waiting(await house.engine.runs.ask(rui.session, askedIdentity(...changes)));

const code = (error: unknown): string => (error as WritError).code;
const failure = async (work: Promise<unknown>): Promise<string> => work.then(() => 'nothing', code);

describe('a service account is asked for, agreed to and registered', () => {
  test('S0.8 S2.1 S3.7 its owner agrees, and it is there with owner, purpose, expiry and scope', async () => {
    const run = await ask();
    expect(run).toMatchObject({ state: 'waiting', requester: 'user:rui', owner: 'group:platform-security' });
    expect(await house.engine.identity('svc-reporting')).toBeNull();
    const after = await mei.approve(run.run, 'owner-accepts');
    expect(after).toMatchObject({
      state: 'issued',
      approvals: [{ person: 'user:mei', rule: 'owner-accepts' }],
    });
    expect(await house.engine.identity('svc-reporting')).toMatchObject({
      owner: 'group:platform-security',
      purpose: 'monthly reports',
      environment: 'staging',
      revision: 1,
      revisionReviewed: false,
      entitlement: {
        audiences: ['https://reports.acme.example'],
        scopes: ['reports:read'],
        environments: ['staging'],
      },
    });
  });

  test.each([
    ['owner', { owner: '' }, {}],
    ['purpose', { purpose: ' ' }, {}],
    ['expires', { expires: Number.NaN }, {}],
    ['scopes', {}, { scopes: [] }],
  ])('S0.8 a request without %s is refused, and says what is missing', async (member, identity, more) => {
    const answer = await house.engine.runs.ask(rui.session, askedIdentity(identity, more));
    expect(answer).toMatchObject({ outcome: 'refused', reasons: [{ message: `\`${member}\` is missing` }] });
    expect(await house.engine.identity('svc-reporting')).toBeNull();
  });

  test('all that is missing is said at once', async () => {
    const answer = await house.engine.runs.ask(
      rui.session,
      askedIdentity({ owner: '', purpose: '' }, { scopes: [] }),
    );
    expect(answer.outcome === 'refused' && answer.reasons.map(({ rule }) => rule)).toEqual([
      'identity.owner',
      'identity.purpose',
      'request.scopes',
    ]);
  });

  test('S2.3 an agent says what its task, data and commands are', async () => {
    const answer = await house.engine.runs.ask(rui.session, askedIdentity({ kind: 'agent' }));
    expect(answer.outcome === 'refused' && answer.reasons.map(({ rule }) => rule)).toEqual([
      'identity.attributes.task',
      'identity.attributes.data_sets',
      'identity.attributes.commands',
    ]);
  });

  test("S2.2 it is handed to its lifecycle at once: a review in the owner's inbox, and notices before its end", async () => {
    const { run } = await ask();
    await mei.approve(run, 'owner-accepts');
    expect(await house.engine.runs.inbox(mei.session)).toMatchObject([
      {
        kind: 'review',
        rule: 'review',
        identity: 'svc-reporting',
        assignee: 'group:platform-security',
        dueAt: house.clock.now() + 90 * DAY * 1000,
      },
    ]);
    const identity = await house.engine.runs.identity(mei.session, 'svc-reporting');
    expect(identity).toMatchObject({ because: 'group:platform-security owns it, and you are in it' });
    house.clock.advance(61 * DAY);
    await house.engine.reconciler.tick();
    const later = await signedInPerson(house, 'user:mei');
    expect((await house.engine.runs.inbox(later.session)).map(({ kind }) => kind)).toContain('notice');
  });

  test('S2.16 how it was issued is one question', async () => {
    const { run } = await ask();
    await mei.approve(run, 'owner-accepts');
    const view = await house.engine.runs.find(rui.session, run);
    expect(view).toMatchObject({
      state: 'issued',
      proven: [{ proof: 'requester', claims: { acr: 'phishing-resistant' } }],
      facts: { 'ownership/repositories': { record: { owner: 'group:platform-security', ticket: 'open' } } },
    });
  });
});

describe('approvals that hold', () => {
  test('F1 the requester does not see it as theirs to approve, and may not', async () => {
    const ana = await signedInPerson(house, 'user:ana');
    const mine = waiting(await house.engine.runs.ask(ana.session, askedIdentity()));
    expect(await house.engine.runs.inbox(ana.session)).toEqual([]);
    expect(await failure(ana.approve(mine.run, 'owner-accepts'))).toBe('refused');
    expect(await house.engine.runs.find(ana.session, mine.run)).toMatchObject({ state: 'waiting' });
  });

  test('S2.6 in production a reviewer who is not the owner agrees as well, and the revision is reviewed', async () => {
    const { run } = await ask({ environment: 'production' });
    // Mei is a reviewer as well, and may not be one of what she owns.
    expect((await house.engine.runs.inbox(mei.session)).map(({ rule }) => rule)).toEqual(['owner-accepts']);
    expect(await mei.approve(run, 'owner-accepts')).toMatchObject({ state: 'waiting' });
    expect(await house.engine.runs.inbox(mei.session)).toEqual([]);
    expect(await failure(mei.approve(run, 'security-review'))).toBe('refused');
    const ida = await signedInPerson(house, 'user:ida');
    expect((await house.engine.runs.inbox(ida.session)).map(({ rule }) => rule)).toEqual(['security-review']);
    expect(await ida.approve(run, 'security-review')).toMatchObject({ state: 'issued' });
    expect(await house.engine.identity('svc-reporting')).toMatchObject({ revisionReviewed: true });
  });

  test('law 6 what is signed is this decision about this plan by this person, once', async () => {
    const { run } = await ask();
    const about = { run, rule: 'owner-accepts', decision: 'approve' } as const;
    const { nonce, challenge, digest, view } = await house.engine.runs.challenge(mei.session, about);
    expect(digest).toBe(view.plan);
    const assertion = mei.passkey.assert(Buffer.from(challenge, 'base64url'));
    const other = mei.passkey.assert(Buffer.alloc(32));
    expect(await failure(house.engine.runs.decide(mei.session, { ...about, nonce, assertion: other }))).toBe(
      'verification-failed',
    );
    const ana = await signedInPerson(house, 'user:ana');
    expect(await failure(house.engine.runs.decide(ana.session, { ...about, nonce, assertion }))).toBe(
      'verification-failed',
    );
    expect(await house.engine.runs.decide(mei.session, { ...about, nonce, assertion })).toMatchObject({
      state: 'issued',
    });
    expect(await failure(house.engine.runs.decide(mei.session, { ...about, nonce, assertion }))).toBe(
      'conflict',
    );
  });

  test('F3 a challenge is worth nothing after five minutes, and an approval nothing after its time', async () => {
    const { run } = await ask();
    const about = { run, rule: 'owner-accepts', decision: 'approve' } as const;
    const { nonce, challenge } = await house.engine.runs.challenge(mei.session, about);
    house.clock.advance(5 * 60 + 1);
    const assertion = mei.passkey.assert(Buffer.from(challenge, 'base64url'));
    expect(await failure(house.engine.runs.decide(mei.session, { ...about, nonce, assertion }))).toBe(
      'verification-failed',
    );
    house.clock.advance(72 * HOUR);
    const late = await signedInPerson(house, 'user:mei');
    expect(await failure(late.approve(run, 'owner-accepts'))).toBe('conflict');
    await house.engine.reconciler.tick();
    expect(await house.engine.runs.find(late.session, run)).toMatchObject({ state: 'expired' });
  });

  test('denied by one is denied for all, from anywhere', async () => {
    const { run } = await ask();
    const denied = await house.engine.runs.deny(mei.session, {
      run,
      rule: 'owner-accepts',
      reason: 'not ours',
    });
    expect(denied).toMatchObject({ state: 'denied', approvals: [{ decision: 'deny', reason: 'not ours' }] });
    const ana = await signedInPerson(house, 'user:ana');
    expect(await failure(ana.approve(run, 'owner-accepts'))).toBe('conflict');
  });

  test('whoever asked takes it back, and nobody else does', async () => {
    const { run } = await ask();
    expect(await failure(house.engine.runs.cancel(mei.session, run))).toBe('unknown');
    expect(await house.engine.runs.cancel(rui.session, run)).toMatchObject({ state: 'cancelled' });
    expect(await house.engine.runs.inbox(mei.session)).toEqual([]);
  });

  test('F8 a run of others is as if it did not exist', async () => {
    const ana = await signedInPerson(house, 'user:ana');
    const asked = askedIdentity({ deputy: 'user:mei' });
    const { run } = waiting(await house.engine.runs.ask(ana.session, asked));
    expect(await house.engine.runs.find(rui.session, run)).not.toBeNull();
    await house.adopt([
      'roles.yaml',
      'role: responder, groups: [group:security-reviewers, group:integrations]',
      'role: responder, groups: [group:ai-platform]',
    ]);
    expect(await house.engine.runs.find(rui.session, run)).toBeNull();
    const about = { run, rule: 'owner-accepts', decision: 'approve' } as const;
    expect(await failure(house.engine.runs.challenge(rui.session, about))).toBe('unknown');
    expect(await failure(house.engine.runs.challenge(rui.session, { ...about, run: 'run_x' }))).toBe(
      'unknown',
    );
    expect(await failure(house.engine.runs.deny(rui.session, { ...about, reason: 'x' }))).toBe('unknown');
    expect(await failure(house.engine.runs.cancel(rui.session, run))).toBe('unknown');
  });
});

describe('the same request', () => {
  test('asked twice is one run; under one key it is that run, and never another', async () => {
    const first = await ask({}, { idempotencyKey: 'k1' });
    expect(await ask({}, { idempotencyKey: 'k1' })).toMatchObject({ run: first.run });
    expect(await ask()).toMatchObject({ run: first.run });
    expect(
      await failure(
        house.engine.runs.ask(rui.session, askedIdentity({ purpose: 'other' }, { idempotencyKey: 'k1' })),
      ),
    ).toBe('invalid');
  });

  test('64 at once under one key are one run', async () => {
    const many = await Promise.allSettled(
      Array.from({ length: 64 }, async () => ask({}, { idempotencyKey: 'k' })),
    );
    const runs = new Set(many.flatMap((each) => (each.status === 'fulfilled' ? [each.value.run] : [])));
    expect(runs.size).toBe(1);
  });
});

describe('a change to an identity', () => {
  test('S1.11 of owner voids what was bound to it, and is agreed to by the owner there is', async () => {
    const first = await ask();
    await mei.approve(first.run, 'owner-accepts');
    expect(await failure(ask({ purpose: 'other' }))).toBe('conflict');
    const next = await ask({ environment: 'production' }, { replaces: 1 });
    expect(next.changes).toEqual([{ member: 'environment', before: 'staging', after: 'production' }]);
    await mei.approve(next.run, 'owner-accepts');
    const ida = await signedInPerson(house, 'user:ida');
    expect(await ida.approve(next.run, 'security-review')).toMatchObject({ state: 'issued' });
    expect(await house.engine.identity('svc-reporting')).toMatchObject({
      revision: 2,
      boundSince: 2,
      environment: 'production',
    });
  });

  test('two changes of one revision: the second is refused', async () => {
    const first = await ask();
    await mei.approve(first.run, 'owner-accepts');
    const one = await ask({ purpose: 'one' }, { replaces: 1 });
    const two = await ask({ purpose: 'two' }, { replaces: 1 });
    expect(await mei.approve(one.run, 'owner-accepts')).toMatchObject({ state: 'issued' });
    expect(await mei.approve(two.run, 'owner-accepts')).toMatchObject({
      state: 'refused',
      reasons: [{ rule: 'identity.revision' }],
    });
    expect(await house.engine.identity('svc-reporting')).toMatchObject({ purpose: 'one' });
  });
});
