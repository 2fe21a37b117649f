import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { approvalChallenge } from './audit/approval-challenge.ts';
import {
  type AuditEntry,
  type AuditRule,
  append,
  audit,
  canonicalJson,
  type ExpectedAssertion,
  emptyTree,
  encodeLeaf,
  type Finding,
  type Hash,
  hashLeaf,
  type Leaf,
  type LeafType,
  type RecordAssertion,
  recordCommitment,
  rootOf,
  type Severity,
  type Tree,
  tbsDigest,
  type VerifyAssertion,
} from './index.ts';

const hash: Hash = (data) => createHash('sha256').update(data).digest();
const hex = (digit: string): string => digit.repeat(64);
const digestOf = (value: unknown): string =>
  Buffer.from(hash(Buffer.from(canonicalJson(value)))).toString('hex');
const tag = new Uint8Array(16).fill(1);
const ORIGIN = 'https://writ.example';
const RP_ID = 'writ.example';
const PLAN = hex('d');
const FLOW = hex('f');
const URI = 'spiffe://writ.example/ci';
const flow = { name: 'ci', version: 1, hash: FLOW };

type Fields = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A key that signs whatever is asked of it, and what its leaf says of it. */
interface Passkey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly public_jwk: Readonly<Record<string, string>>;
}

function passkey(name: string): Passkey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { kty = '', crv = '', x = '' } = publicKey.export({ format: 'jwk' });
  return { id: Buffer.from(name).toString('base64url'), privateKey, public_jwk: { kty, crv, x } };
}

const toSign = ({ origin, rpId, challenge }: ExpectedAssertion): Buffer =>
  Buffer.concat([Buffer.from(`${origin} ${rpId} `), challenge]);

/** As strict of key, origin, host and challenge as WebAuthn, in fewer words; `test/` shows the rule with WebAuthn itself. */
const verifyAssertion: VerifyAssertion = (jwk, expected, { signature }) =>
  verify(
    null,
    toSign(expected),
    createPublicKey({ key: { ...jwk }, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );

/** A log of people: what they add, lose, approve of and deny. */
class People {
  readonly entries: AuditEntry[] = [];
  readonly #said: Fields[] = [];
  #tree: Tree = emptyTree;
  #nonce = 0;

  constructor(mode: 'genesis' | 'dev' = 'genesis') {
    this.add(
      'artefacts',
      { hash: hex('a'), previous: null, mode: 'genesis', by: 'local' },
      { dev: mode === 'dev' },
    );
    for (const event of ['prepared', 'activated']) {
      this.add('key', { kid: 'k1', event, use: 'token', public_jwk: { kty: 'OKP' }, by: 'local' });
    }
  }

  add(type: LeafType, fields: Fields, leaf: Partial<Leaf> = {}): number {
    const index = this.entries.length;
    const said = { type, requested_at_ms: 1000, artefacts: hex('a'), ...fields };
    const record = canonicalJson(said);
    const salt = hash(Buffer.from(`salt ${index}`));
    const issue = type === 'issue';
    const bytes = encodeLeaf({
      type,
      timeMs: 1000 + index,
      credentialClass: issue ? 'token' : 'none',
      dev: false,
      unattended: issue && !('approvals' in fields),
      identityTag: issue || type === 'identity' ? tag : null,
      record: recordCommitment(hash, salt, Buffer.from(record)),
      tbs: issue ? tbsDigest(hash, 'jwt', Buffer.from(`token ${index}`)) : null,
      ...leaf,
    });
    this.#said.push(said);
    this.entries.push({ index, leaf: bytes, salt, record });
    this.#tree = append(hash, this.#tree, [hashLeaf(hash, bytes)]).tree;
    return index;
  }

  person(event: string, person: string, grounds: string, fields: Fields = {}): number {
    return this.add('person', { event, person, grounds, by: person, ...fields });
  }

  enrol(person: string, { id, public_jwk }: Passkey, grounds: string, fields: Fields = {}): number {
    const authenticator = { id, public_jwk, rp_id: RP_ID, origin: ORIGIN, label: 'key' };
    return this.person('authenticator-added', person, grounds, { authenticator, ...fields });
  }

  /** Invited, then added. */
  welcome(person: string, key: Passkey): number {
    this.person('invited', person, 'passkey', { by: 'user:ana' });
    return this.enrol(person, key, 'invitation');
  }

  end(how: 'replaced' | 'lost', person: string, authenticator: Fields): number {
    return this.person(`authenticator-${how}`, person, 'session', { authenticator });
  }

  register(revision = 1, fields: Fields = {}): number {
    return this.add('identity', { identity: 'ci', revision, change: { uri: URI }, by: 'local', ...fields });
  }

  #signed(person: string, key: Passkey, fields: Fields, as: Partial<ExpectedAssertion>): Fields {
    this.#nonce += 1;
    const nonce = Buffer.from(hash(Buffer.from(`nonce ${this.#nonce}`))).toString('base64url');
    const subject: Fields = { run: 'run-1', identity: 'ci', rule: 'owner', plan: PLAN, nonce, ...fields };
    const run = text(subject['run']);
    const digest = text(subject['digest'] ?? subject['plan']);
    const decision = text(subject['decision'] ?? 'approve');
    const rule = text(subject['rule']);
    const challenge = approvalChallenge(hash, { approver: person, run, rule, digest, nonce, decision });
    const signature = sign(null, toSign({ challenge, origin: ORIGIN, rpId: RP_ID, ...as }), key.privateKey);
    const assertion: RecordAssertion = {
      authenticator: key.id,
      client_data_json: 'e30',
      authenticator_data: 'AQID',
      signature: signature.toString('base64url'),
    };
    return { ...subject, digest, decision, assertion };
  }

  /** `change` is what the record says otherwise than was signed. */
  approve(
    person: string,
    key: Passkey,
    fields: Fields = {},
    change: Fields = {},
    as: Partial<ExpectedAssertion> = {},
  ): number {
    const signed = this.#signed(person, key, fields, as);
    return this.add('approval', { envelope: null, ...signed, approver: person, ...change });
  }

  /** A standing approval: the envelope is signed. */
  stand(person: string, key: Passkey, envelope: Fields, change: Fields = {}): number {
    return this.approve(person, key, { run: 'run-0', digest: digestOf(envelope), envelope }, change);
  }

  decide(
    decision: string,
    by: string,
    key: Passkey | null,
    fields: Fields = {},
    change: Fields = {},
  ): number {
    const subject = { run: 'run-1', identity: 'ci', rule: 'owner', plan: PLAN, decision, ...fields };
    const said = key === null ? subject : this.#signed(by, key, subject, {});
    return this.add('decision', { ...said, by, reason: 'because', ...change });
  }

  issue(approvals: readonly number[] | null, fields: Fields = {}, leaf: Partial<Leaf> = {}): number {
    const n = this.entries.length;
    return this.add(
      'issue',
      {
        run: 'run-1',
        identity: 'ci',
        owner: 'group:team',
        purpose: 'deploy',
        subject: URI,
        audience: 'https://api.example',
        scopes: ['deploy'],
        ttl: 900,
        not_after_ms: 901_000,
        flow,
        right: 'deploy',
        decided_by: approvals === null ? [] : ['approval.owner'],
        plan: PLAN,
        evidence: [],
        freeze_scopes: [],
        kid: 'k1',
        credential_class: 'token',
        credential: `jti-${n}`,
        ...(approvals === null ? {} : { approvals }),
        ...fields,
      },
      leaf,
    );
  }

  /** An identity made or changed by a run. */
  change(approvals: readonly number[], revision: number, fields: Fields = {}): number {
    const of = { run: 'run-1', plan: PLAN, flow, decided_by: ['approval.owner'], owner: 'group:team' };
    return this.register(revision, { ...of, approvals, ...fields });
  }

  audit(entries: readonly AuditEntry[] = this.entries): readonly Finding[] {
    return audit(hash, {
      checkpoint: { origin: 'log', size: this.#tree.size, root: rootOf(hash, this.#tree), extensions: [] },
      origin: 'log',
      entries,
      verifyAssertion,
    });
  }

  /** The entries as an administrator of the database leaves them who deletes these records. */
  withoutRecords(...indexes: readonly number[]): readonly AuditEntry[] {
    return this.entries.map(({ index, leaf, ...rest }) =>
      indexes.includes(index) ? { index, leaf } : { index, leaf, ...rest },
    );
  }
}

const [ana, bob, eve] = [passkey('ana'), passkey('bob'), passkey('eve')];

function people(): People {
  const log = new People();
  log.enrol('user:ana', ana, 'first-administrator');
  log.welcome('user:bob', bob);
  return log;
}

const envelope = {
  identity: URI,
  revision: 1,
  flow: FLOW,
  audience: 'https://api.example',
  scopes: ['deploy', 'read'],
  ttl: 900,
  fields: {},
};

const found = (findings: readonly Finding[]): [AuditRule, number | null, Severity][] =>
  findings.map(({ rule, index, severity }) => [rule, index, severity]);

/** Exactly one thing is wrong, here and in these words. */
function expectOne(
  log: People,
  rule: AuditRule,
  index: number,
  words: string,
  entries?: readonly AuditEntry[],
): void {
  const findings = log.audit(entries);
  expect(found(findings).map(([name, at]) => [name, at])).toEqual([[rule, index]]);
  expect(findings[0]?.message).toContain(words);
}

describe('authenticators', () => {
  test('E2 S2.13 people come, add, replace and lose passkeys, and everything has its grounds', () => {
    const log = people();
    const [second, third, carl] = [passkey('ana 2'), passkey('ana 3'), passkey('carl')];
    log.enrol('user:ana', second, 'passkey');
    log.person('authenticator-replaced', 'user:ana', 'passkey', { authenticator: { id: ana.id } });
    log.person('authenticator-lost', 'user:ana', 'session', { authenticator: { id: second.id } });
    log.person('invited', 'user:ana', 'passkey', { by: 'user:bob' });
    log.enrol('user:ana', third, 'invitation');
    log.person('invited', 'user:carl', 'passkey', { by: 'user:bob' });
    log.enrol('user:carl', carl, 'invitation');
    log.approve('user:carl', carl);
    expect(log.audit()).toEqual([]);
  });

  test('a first administrator may be invited first', () => {
    const log = new People();
    log.person('invited', 'user:ana', 'first-administrator', { by: 'local' });
    log.enrol('user:ana', ana, 'invitation');
    expect(log.audit()).toEqual([]);
  });

  test('sample people are of development', () => {
    const dev = new People('dev');
    dev.enrol('user:ana', ana, 'sample', { by: 'dev' });
    expect(dev.audit()).toEqual([]);
    const log = new People();
    const at = log.enrol('user:ana', ana, 'sample', { by: 'dev' });
    expectOne(log, 'person-grounds', at, 'not of development');
  });

  test('an id is added once, even after its end', () => {
    for (const ended of [false, true]) {
      const log = people();
      if (ended) log.end('lost', 'user:bob', { id: bob.id });
      const at = log.enrol('user:ana', { ...eve, id: bob.id }, 'passkey');
      expectOne(log, 'authenticator-order', at, 'leaf 5 has added');
    }
  });

  test('E2 an id that is added again keeps its first key', () => {
    const log = people();
    const at = log.enrol('user:ana', { ...eve, id: ana.id }, 'passkey');
    log.approve('user:ana', ana);
    const forged = log.approve('user:ana', { ...eve, id: ana.id });
    expect(found(log.audit())).toEqual([
      ['authenticator-order', at, 'error'],
      ['approval-signature', forged, 'critical'],
    ]);
  });

  test.each<[string, (log: People) => number, string]>([
    ['nobody added', (log) => log.end('lost', 'user:ana', { id: eve.id }), 'no leaf before has added it'],
    ['of somebody else', (log) => log.end('lost', 'user:bob', { id: ana.id }), 'it is of `user:ana`'],
    [
      'that was of another key',
      (log) => log.end('replaced', 'user:ana', { id: ana.id, public_jwk: eve.public_jwk }),
      'with other members',
    ],
    [
      'that has ended',
      (log) => {
        log.end('replaced', 'user:ana', { id: ana.id });
        return log.end('lost', 'user:ana', { id: ana.id });
      },
      'was replaced at leaf 6',
    ],
  ])('an authenticator %s cannot end', (_, act, words) => {
    const log = people();
    const at = act(log);
    expectOne(log, 'authenticator-order', at, words);
  });

  test.each<[string, (log: People) => number, string]>([
    [
      'first-administrator, although there was one',
      (log) => log.enrol('user:eve', eve, 'first-administrator'),
      'leaf 3 has added an authenticator',
    ],
    [
      'first-administrator, although there was one and it ended',
      (log) => {
        log.end('lost', 'user:ana', { id: ana.id });
        log.end('lost', 'user:bob', { id: bob.id });
        return log.person('invited', 'user:eve', 'first-administrator', { by: 'local' });
      },
      'leaf 3 has added an authenticator',
    ],
    [
      'passkey, of which there is none',
      (log) => log.enrol('user:eve', eve, 'passkey'),
      '`user:eve` has no active',
    ],
    [
      'passkey, which has ended',
      (log) => {
        log.end('lost', 'user:ana', { id: ana.id });
        return log.enrol('user:ana', eve, 'passkey');
      },
      '`user:ana` has no active',
    ],
    [
      'passkey, of somebody else',
      (log) => log.enrol('user:ana', eve, 'passkey', { by: 'user:bob' }),
      '`user:bob` has none of `user:ana`',
    ],
    [
      'passkey, of an inviter without one',
      (log) => log.person('invited', 'user:eve', 'passkey', { by: 'user:carl' }),
      '`user:carl` has no active',
    ],
    [
      'session, which only ends authenticators',
      (log) => log.enrol('user:ana', eve, 'session'),
      'a sign-in alone adds nobody anything',
    ],
    [
      'session, which invites nobody',
      (log) => log.person('invited', 'user:eve', 'session', { by: 'user:ana' }),
      'a sign-in alone adds nobody anything',
    ],
    [
      'invitation, of which there is none',
      (log) => log.enrol('user:eve', eve, 'invitation'),
      'no invitation',
    ],
    [
      'invitation, of somebody else',
      (log) => {
        log.person('invited', 'user:carl', 'passkey', { by: 'user:ana' });
        return log.enrol('user:eve', eve, 'invitation');
      },
      'no invitation of `user:eve`',
    ],
    [
      'invitation, which was used',
      (log) => {
        log.welcome('user:eve', eve);
        return log.enrol('user:eve', passkey('eve 2'), 'invitation');
      },
      'no invitation of `user:eve`',
    ],
  ])('grounds that the log does not bear out: %s', (_, act, words) => {
    const log = people();
    const at = act(log);
    expectOne(log, 'person-grounds', at, words);
  });
});

describe('approvals', () => {
  test('S2.13 what two people signed verifies with the keys that leaves recorded', () => {
    const log = people();
    log.register();
    log.approve('user:ana', ana);
    log.approve('user:bob', bob);
    log.stand('user:bob', bob, envelope);
    log.decide('confirm', 'user:ana', ana);
    log.decide('review', 'user:bob', null);
    expect(log.audit()).toEqual([]);
  });

  test('E2 a key that was put into the database by hand approves nothing', () => {
    const log = people();
    const at = log.approve('user:ana', eve);
    expectOne(log, 'approval-authenticator', at, `no leaf before has recorded authenticator \`${eve.id}\``);
  });

  test('an authenticator counts from its leaf on, and until the leaf that ends it', () => {
    const early = people();
    const at = early.approve('user:eve', eve);
    early.welcome('user:eve', eve);
    early.approve('user:eve', eve);
    expectOne(early, 'approval-authenticator', at, 'no leaf before');
    for (const how of ['lost', 'replaced'] as const) {
      const late = people();
      late.approve('user:ana', ana);
      const end = late.end(how, 'user:ana', { id: ana.id });
      const after = late.approve('user:ana', ana);
      late.approve('user:bob', bob);
      expectOne(late, 'approval-authenticator', after, `was ${how} at leaf ${end}`);
    }
  });

  test('somebody else\u2019s authenticator approves nothing, whoever signs', () => {
    const log = people();
    const at = log.approve('user:ana', bob);
    expectOne(log, 'approval-authenticator', at, 'is of `user:bob`, not of `user:ana`');
  });

  test('S2.15 the signature is over run, digest, approver, decision and nonce, all as recorded', () => {
    const edits: [Fields, AuditRule][] = [
      [{ run: 'run-2' }, 'approval-signature'],
      [{ plan: hex('e'), digest: hex('e') }, 'approval-signature'],
      [{ nonce: 'A'.repeat(43) }, 'approval-signature'],
      [{ plan: hex('e') }, 'approval-digest'],
      [{ approver: 'user:bob' }, 'approval-authenticator'],
    ];
    for (const [change, rule] of edits) {
      const log = people();
      const at = log.approve('user:ana', ana, {}, change);
      expectOne(log, rule, at, '');
    }
    const log = people();
    const at = log.decide('confirm', 'user:ana', ana, {}, { decision: 'deny' });
    expectOne(log, 'approval-signature', at, 'does not verify');
  });

  test('S2.15 no text that was signed can be replaced by another, whatever it is', () => {
    const word = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
    const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
    const change = fc.oneof(
      word.map((run) => ({ run })),
      word.map((name) => ({ approver: `user:${name}` })),
      digest.map((plan) => ({ plan, digest: plan })),
      digest.map((plan) => ({ plan })),
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => ({
        nonce: Buffer.from(bytes).toString('base64url'),
      })),
    );
    fc.assert(
      fc.property(change, (changed) => {
        const log = people();
        const at = log.approve('user:ana', ana, { run: 'run 1' }, changed);
        expect(log.audit().map(({ index }) => index)).toEqual([at]);
      }),
    );
  });

  test('the key, the host and the origin are those of the leaf', () => {
    const forged = { ...eve, id: ana.id };
    const log = people();
    expectOne(log, 'approval-signature', log.approve('user:ana', forged), 'that leaf 3 recorded');
    for (const as of [{ origin: 'https://evil.example' }, { rpId: 'evil.example' }]) {
      const other = people();
      expectOne(
        other,
        'approval-signature',
        other.approve('user:ana', ana, {}, {}, as),
        'that leaf 3 recorded',
      );
    }
  });

  test('a standing approval signs its envelope and nothing else', () => {
    const wider = { ...envelope, ttl: 9000 };
    const log = people();
    const at = log.stand('user:ana', ana, envelope, { envelope: wider });
    expectOne(log, 'approval-digest', at, 'is not the digest of its envelope');
    const both = people();
    const again = both.stand('user:ana', ana, envelope, { envelope: wider, digest: digestOf(wider) });
    expectOne(both, 'approval-signature', again, 'does not verify');
    const plan = people();
    expectOne(plan, 'approval-digest', plan.approve('user:ana', ana, { envelope }), 'of its envelope');
  });

  test('a signed decision is held to the same', () => {
    const cases: [(log: People) => number, AuditRule][] = [
      [(log) => log.decide('deny', 'user:ana', eve), 'approval-authenticator'],
      [(log) => log.decide('deny', 'user:ana', bob), 'approval-authenticator'],
      [(log) => log.decide('confirm', 'user:ana', { ...eve, id: ana.id }), 'approval-signature'],
      [(log) => log.decide('review', 'user:ana', ana, { digest: hex('e') }), 'approval-digest'],
    ];
    for (const [act, rule] of cases) {
      const log = people();
      expectOne(log, rule, act(log), '');
    }
  });
});

describe('approvals that counted', () => {
  const both = (log: People, fields: Fields = {}): number[] => [
    log.approve('user:ana', ana, fields),
    log.approve('user:bob', bob, fields),
  ];

  test('S2.13 an issuance and an identity name the approvals they rest on', () => {
    const log = people();
    log.register();
    log.issue(both(log));
    log.change([log.approve('user:ana', ana), log.approve('user:bob', bob, { rule: 'security' })], 2, {
      decided_by: ['approval.owner', 'approval.security', 'right.deploy'],
    });
    log.issue(null);
    log.change([], 3, { run: 'run-9', decided_by: [] });
    expect(log.audit()).toEqual([]);
  });

  test('one person may count for two rules, and not twice for one', () => {
    const log = people();
    const owner = log.approve('user:ana', ana);
    const security = log.approve('user:ana', ana, { rule: 'security' });
    log.issue([owner, security], { decided_by: ['approval.owner', 'approval.security'] });
    expect(log.audit()).toEqual([]);
    const again = log.approve('user:ana', ana);
    const at = log.issue([owner, again]);
    expectOne(
      log,
      'approval-repeated',
      at,
      `leaf ${again}, whose approval counted, is the second of \`user:ana\``,
    );
    const twice = people();
    const one = twice.approve('user:ana', ana);
    expectOne(twice, 'approval-repeated', twice.issue([one, one]), `leaf ${one}`);
  });

  test('what counted is an approval before it', () => {
    const log = people();
    const given = log.approve('user:ana', ana);
    const at = log.issue([given, given + 2]);
    log.approve('user:bob', bob);
    expectOne(log, 'approval-reference', at, `leaf ${given + 2}, whose approval counted, is not an approval`);
    for (const make of [
      (other: People) => other.decide('confirm', 'user:bob', bob),
      (other: People) => other.register(),
      () => 2 ** 40,
    ]) {
      const other = people();
      const [one, no] = [other.approve('user:ana', ana), make(other)];
      expectOne(other, 'approval-reference', other.issue([one, no]), 'is not an approval before it');
    }
  });

  test('F2 F3 an approval of another run, plan or identity does not count', () => {
    const cases: [Fields, string][] = [
      [{ run: 'run-2' }, 'is of run `run-2`'],
      [{ plan: hex('e') }, `is of plan \`${hex('e')}\``],
      [{ identity: 'cj' }, 'is of identity `cj`'],
    ];
    for (const [fields, words] of cases) {
      const log = people();
      const [good, bad] = [log.approve('user:ana', ana), log.approve('user:bob', bob, fields)];
      expectOne(
        log,
        'approval-reference',
        log.issue([good, bad]),
        `leaf ${bad}, whose approval counted, ${words}`,
      );
      const changed = people();
      const [one, other] = [changed.approve('user:ana', ana), changed.approve('user:bob', bob, fields)];
      expectOne(changed, 'approval-reference', changed.change([one, other], 1), words);
    }
  });

  test('an identity that says neither run nor plan rests on no approval', () => {
    const log = people();
    const given = log.approve('user:ana', ana);
    expectOne(log, 'approval-reference', log.register(1, { approvals: [given] }), 'is of run');
  });

  test('F1 a rule that decided has an approval', () => {
    const log = people();
    const given = log.approve('user:ana', ana);
    const at = log.issue([given], { decided_by: ['approval.owner', 'approval.security', 'right.deploy'] });
    expectOne(log, 'approval-missing', at, '`approval.security`');
    const dropped = people();
    dropped.approve('user:ana', ana);
    const bare = dropped.issue(null, { decided_by: ['approval.owner'] });
    expectOne(dropped, 'approval-missing', bare, '`approval.owner`');
  });

  test('S1.12 an issuance is marked as unattended exactly when it names no approval', () => {
    const log = people();
    expectOne(log, 'issue-unattended', log.issue(null, {}, { unattended: false }), 'names no approval');
    const other = people();
    const given = other.approve('user:ana', ana);
    expectOne(other, 'issue-unattended', other.issue([given], {}, { unattended: true }), 'names approvals');
  });

  test('nothing comes of a run that was denied or cancelled, signed or not', () => {
    for (const [decision, key] of [
      ['deny', ana],
      ['deny', null],
      ['cancel', null],
    ] as const) {
      const log = people();
      log.register();
      const approvals = both(log);
      log.decide('deny', 'user:ana', ana, { run: 'run-2' });
      log.decide('confirm', 'user:ana', ana);
      log.issue(approvals);
      const denied = log.decide(decision, 'user:ana', key);
      const at = log.issue(approvals);
      expectOne(log, 'run-ended', at, `ended by \`${decision}\` at leaf ${denied}`);
      const changed = people();
      const given = both(changed);
      changed.decide(decision, 'user:ana', key);
      expectOne(changed, 'run-ended', changed.change(given, 1), 'run-1');
    }
  });
});

describe('standing approvals', () => {
  const within = { run: 'run-7', plan: hex('7') };

  test('S2.12 whatever is inside the envelope is covered, in any run and more than once', () => {
    const log = people();
    log.register();
    const given = log.stand('user:ana', ana, envelope);
    log.issue([given], within);
    log.issue([given], { ...within, run: 'run-8', scopes: ['deploy', 'read'], ttl: 900 });
    log.issue([given, log.approve('user:bob', bob, within)], { ...within, ttl: 1, scopes: [] });
    expect(log.audit()).toEqual([]);
  });

  test.each<[string, Fields, string]>([
    ['another audience', { audience: 'https://other.example' }, 'audience `https://api.example`'],
    ['another scope', { scopes: ['deploy', 'admin'] }, 'no scope `admin`'],
    ['a longer life', { ttl: 901 }, 'its ttl is 900, not 901'],
    ['another flow', { flow: { ...flow, hash: hex('e') } }, 'another flow'],
    ['another identity', { identity: 'cj' }, 'is of identity `ci`'],
  ])('outside is %s', (_, fields, words) => {
    const log = people();
    log.register();
    const given = log.stand('user:ana', ana, envelope);
    expectOne(log, 'approval-reference', log.issue([given], { ...within, ...fields }), words);
  });

  test('S1.16 a change of the identity voids it', () => {
    const log = people();
    log.register();
    const given = log.stand('user:ana', ana, envelope);
    log.issue([given], within);
    log.register(2);
    const at = log.issue([given], within);
    expectOne(log, 'approval-reference', at, 'it is of revision 1, and `ci` is at 2');
  });

  test('S2.15 an envelope signed for one identity does not cover another by the name in the record', () => {
    const log = people();
    log.register();
    log.add(
      'identity',
      {
        identity: 'cj',
        revision: 1,
        change: { uri: 'spiffe://writ.example/cj' },
        by: 'local',
      },
      { identityTag: tag },
    );
    const given = log.stand('user:ana', ana, envelope, { identity: 'cj' });
    const at = log.issue([given], { ...within, identity: 'cj' });
    expectOne(log, 'approval-reference', at, '`cj` is not registered as');
  });

  test('an identity that no leaf registered is covered by none', () => {
    const log = people();
    const given = log.stand('user:ana', ana, envelope);
    expectOne(log, 'approval-reference', log.issue([given], within), '`ci` is not registered as');
  });

  test('a run about an identity is covered at the revision it makes', () => {
    const log = people();
    log.register();
    const proposed = { ...envelope, revision: 2, audience: '' };
    log.change([log.stand('user:ana', ana, proposed)], 2, within);
    expect(log.audit()).toEqual([]);
    const at = log.change([log.stand('user:ana', ana, proposed)], 3, within);
    expectOne(log, 'approval-reference', at, 'it is of revision 2, and `ci` is at 3');
  });
});

describe('E3 a database administrator', () => {
  function governed(): People & { readonly at: Record<'person' | 'approval' | 'deny' | 'issue', number> } {
    const log = people();
    log.register();
    const approval = log.approve('user:bob', bob);
    const issue = log.issue([approval]);
    const deny = log.decide('deny', 'user:bob', bob, { run: 'run-2' });
    log.issue(null, { run: 'run-3' });
    return Object.assign(log, { at: { person: 5, approval, deny, issue } });
  }

  test('who deletes the record of an approval, a denial or an identity is found', () => {
    for (const which of ['approval', 'deny', 'issue'] as const) {
      const log = governed();
      const entries = log.withoutRecords(log.at[which]);
      expectOne(log, 'record-missing', log.at[which], 'no erasure names it', entries);
    }
  });

  test('who deletes whom a passkey is of is found, and what it signed is no longer shown', () => {
    const log = governed();
    const findings = log.audit(log.withoutRecords(log.at.person));
    expect(found(findings)).toEqual([
      ['approval-authenticator', log.at.approval, 'warning'],
      ['approval-authenticator', log.at.deny, 'warning'],
      ['record-missing', log.at.person, 'error'],
    ]);
    expect(findings[0]?.message).toContain('the record of leaf 5, which is not there');
  });

  test('who deletes an approval or a denial with its leaf is found, renumbered or not', () => {
    for (const which of ['approval', 'deny'] as const) {
      const log = governed();
      const at = log.at[which];
      const gap = log.entries.filter(({ index }) => index !== at);
      expect(found(log.audit(gap))).toContainEqual(['entry-missing', at, 'critical']);
      const renumbered = gap.map((entry, index) => ({ ...entry, index }));
      const findings = log.audit(renumbered).map(({ rule }) => rule);
      expect(findings).toContain('entry-missing');
    }
  });

  test('whose deleted approval counted twice is found where it was counted', () => {
    const log = people();
    const given = log.approve('user:ana', ana);
    const at = log.issue([given, given]);
    expect(found(log.audit(log.withoutRecords(given)))).toEqual([
      ['approval-repeated', at, 'critical'],
      ['record-missing', given, 'error'],
    ]);
  });

  test('who rewrites an approval or a denial is found', () => {
    for (const which of ['approval', 'deny'] as const) {
      const log = governed();
      const at = log.at[which];
      const entries = log.entries.map((entry) =>
        entry.index === at ? { ...entry, record: entry.record!.replace('user:bob', 'user:ana') } : entry,
      );
      expectOne(log, 'record-commitment', at, 'is not the one it commits to', entries);
    }
  });
});
