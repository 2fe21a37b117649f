import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type AuditEntry,
  type AuditInput,
  type AuditRule,
  append,
  audit,
  type Checkpoint,
  canonicalJson,
  decodeLeaf,
  emptyTree,
  encodeLeaf,
  type Finding,
  type Hash,
  hashLeaf,
  type Leaf,
  type LeafType,
  recordCommitment,
  rootOf,
  startAudit,
  type Tree,
  tbsDigest,
  tileWritesOf,
} from './index.ts';

const hash: Hash = (data) => createHash('sha256').update(data).digest();
const hex = (digit: string): string => digit.repeat(64);
const ORIGIN = 'log.example/1';
const tag = new Uint8Array(16).fill(1);
const [A, B, C] = [hex('a'), hex('b'), hex('c')];

interface Entry {
  index: number;
  leaf: Uint8Array;
  salt?: Uint8Array;
  record?: string;
}

/** A log kept as a store keeps it, correct unless a test says otherwise. */
class World {
  readonly entries: Entry[] = [];
  readonly tiles = new Map<string, Uint8Array>();
  tree: Tree = emptyTree;
  inForce = A;
  dev = false;
  time = 1_000_000;

  /** Appends what a record says; `leaf` overrides fields of the leaf. */
  add(type: LeafType, fields: Record<string, unknown> = {}, leaf: Partial<Leaf> = {}): number {
    const index = this.entries.length;
    this.time += 10;
    const record = canonicalJson({ type, requested_at_ms: this.time, artefacts: this.inForce, ...fields });
    const salt = hash(Buffer.from(`salt ${index}`));
    const issue = type === 'issue';
    const bytes = encodeLeaf({
      type,
      timeMs: this.time,
      credentialClass: issue ? 'token' : 'none',
      dev: issue && this.dev,
      unattended: issue,
      identityTag: ['issue', 'revoke', 'abort', 'identity'].includes(type) ? tag : null,
      record: recordCommitment(hash, salt, Buffer.from(record)),
      tbs: issue ? tbsDigest(hash, 'jwt', Buffer.from(`token ${index}`)) : null,
      ...leaf,
    });
    this.append(bytes, salt, record);
    return index;
  }

  append(leaf: Uint8Array, salt: Uint8Array, record: string): void {
    this.entries.push({ index: this.entries.length, leaf, salt, record });
    const { tree, nodes } = append(hash, this.tree, [hashLeaf(hash, leaf)]);
    this.tree = tree;
    for (const { level, index, hashes } of tileWritesOf(nodes)) {
      const key = `${level}/${index}`;
      this.tiles.set(key, Buffer.concat([this.tiles.get(key) ?? new Uint8Array(0), hashes]));
    }
  }

  genesis(): this {
    this.add('artefacts', { hash: A, previous: null, mode: 'genesis', by: 'operator' });
    this.key('k1', 'prepared');
    this.key('k1', 'activated');
    return this;
  }

  switchTo(next: string, mode: 'dev' | 'published' = 'published', leaf: Partial<Leaf> = {}): number {
    const dev = mode === 'dev';
    const index = this.add(
      'artefacts',
      { hash: next, previous: this.inForce, mode, by: 'operator' },
      { dev, ...leaf },
    );
    this.inForce = next;
    this.dev = dev;
    return index;
  }

  key(kid: string, event: 'prepared' | 'activated' | 'retired'): number {
    return this.add('key', { kid, event, use: 'token', public_jwk: { kty: 'OKP' }, by: 'operator' });
  }

  issue(fields: Record<string, unknown> = {}, leaf: Partial<Leaf> = {}): number {
    const n = this.entries.length;
    const common = { run: `run-${n}`, identity: 'ci', owner: 'team', purpose: 'deploy', subject: 'ci' };
    return this.add(
      'issue',
      {
        ...common,
        audience: 'https://api.example',
        scopes: ['deploy'],
        ttl: 900,
        not_after_ms: this.time + 900_000,
        flow: { name: 'ci', version: 1, hash: hex('f') },
        right: 'deploy',
        decided_by: ['proof.github'],
        plan: hex('d'),
        evidence: [{ proof: 'github', anchor: 'github', digest: hex('e'), assurance: 2 }],
        freeze_scopes: ['identity:ci', 'integration:none'],
        kid: 'k1',
        credential_class: 'token',
        credential: `jti-${n}`,
        ...fields,
      },
      leaf,
    );
  }

  freeze(scope: string): number {
    return this.add('freeze', { scope, by: 'bob', reason: 'breach' });
  }

  unfreeze(scope: string): number {
    return this.add('unfreeze', { scope, by: 'bob', run: 'run-x' });
  }

  revoke(of: number, credential = `jti-${of}`): number {
    return this.add('revoke', { credential, issue_index: of, by: 'bob', reason: 'leaked' });
  }

  get checkpoint(): Checkpoint {
    return { origin: ORIGIN, size: this.tree.size, root: rootOf(hash, this.tree), extensions: [] };
  }

  input(change: Partial<AuditInput> = {}): AuditInput {
    return {
      checkpoint: this.checkpoint,
      origin: ORIGIN,
      entries: this.entries,
      verifyAssertion: () => false,
      readTile: (level, index) => this.tiles.get(`${level}/${index}`),
      ...change,
    };
  }

  audit(change: Partial<AuditInput> = {}): readonly Finding[] {
    return audit(hash, this.input(change));
  }
}

/** A busy log of 600 leaves and more in which nothing is wrong. */
function busy(): World {
  const world = new World().genesis();
  for (let round = 0; round < 60; round++) {
    const issued = Array.from({ length: 7 }, () => world.issue());
    world.revoke(issued[0]!);
    world.add('abort', { run: 'r', issue_index: issued[1]!, reason: 'deadline' });
    world.freeze('identity:other');
    world.unfreeze('identity:other');
  }
  return world;
}

const found = (findings: readonly Finding[]): [AuditRule, number | null][] =>
  findings.map(({ rule, index }) => [rule, index]);

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const out = Uint8Array.from(bytes);
  out[at] = out[at]! ^ 1;
  return out;
}

/** A copy whose entry `at` is changed, as an administrator of the database could. */
function altered(world: World, at: number, change: (entry: Entry) => Partial<AuditEntry>): AuditEntry[] {
  return world.entries.map((entry) => (entry.index === at ? { ...entry, ...change(entry) } : entry));
}

describe('a sound log', () => {
  test('nothing is found in it, with or without tiles, at once or in pieces', () => {
    const world = busy();
    expect(world.entries.length).toBeGreaterThan(600);
    expect(world.audit()).toEqual([]);
    const { readTile: _, ...withoutTiles } = world.input();
    expect(audit(hash, withoutTiles)).toEqual([]);
    const run = startAudit(hash, world.input());
    for (const entry of world.entries) run.add(entry);
    expect(run.finish()).toEqual([]);
  });

  test('heads known from before are continued', () => {
    const known: Checkpoint[] = [];
    const world = new World();
    known.push(world.checkpoint);
    world.genesis();
    for (let i = 0; i < 40; i++) {
      known.push(world.checkpoint);
      world.issue();
    }
    known.push(world.checkpoint, world.checkpoint);
    expect(world.audit({ known: known.toReversed() })).toEqual([]);
  });

  test('an empty log has nothing to say', () => {
    expect(new World().audit()).toEqual([]);
  });

  test('every size up to 70 is rebuilt to the root of the other path', () => {
    const world = new World().genesis();
    while (world.entries.length < 70) {
      world.issue();
      expect(world.audit()).toEqual([]);
    }
  });
});

describe('the store was changed behind the log\u2019s back', () => {
  test('a flipped byte in any part of leaf k is found at k', () => {
    const world = busy();
    for (const at of [5, 300, 511, world.entries.length - 1]) {
      for (const byte of [0, 1, 2, 7, 9, 10, 26, 58, 89]) {
        const entries = altered(world, at, ({ leaf }) => ({ leaf: flipped(leaf, byte) }));
        const findings = world.audit({ entries });
        expect(found(findings)).toContainEqual(['entry-altered', at]);
        expect(found(findings)).toContainEqual(['checkpoint-root', null]);
        expect(findings.some(({ rule }) => rule === 'tile-altered' || rule === 'forked')).toBe(false);
      }
    }
  });

  test('of many leaves changed the first is named, and how many there are', () => {
    const world = busy();
    const entries = world.entries.map((entry) =>
      entry.index >= 100 && entry.index < 110 ? { ...entry, leaf: flipped(entry.leaf, 89) } : entry,
    );
    const finding = world.audit({ entries }).find(({ rule }) => rule === 'entry-altered');
    expect(finding).toMatchObject({ index: 100, severity: 'critical' });
    expect(finding?.message).toContain('hash 100 of `tile/0/000`');
  });

  test('a changed record or salt is found at its leaf, and the log itself is sound', () => {
    const world = busy();
    const edits: ((entry: Entry) => Partial<AuditEntry>)[] = [
      ({ record = '' }) => ({ record: record.replace('"ci"', '"cj"') }),
      ({ record = '' }) => ({ record: `${record} ` }),
      ({ salt = new Uint8Array(32) }) => ({ salt: flipped(salt, 31) }),
    ];
    for (const edit of edits) {
      expect(found(world.audit({ entries: altered(world, 8, edit) }))).toEqual([['record-commitment', 8]]);
    }
    const short = altered(world, 8, ({ salt }) => ({ salt: salt!.subarray(1) }));
    expect(found(world.audit({ entries: short }))).toEqual([['record-malformed', 8]]);
  });

  test('a changed hash in a leaf tile is found in the tile, at its leaf', () => {
    const world = busy();
    for (const at of [0, 255, 256, 600]) {
      const tiles = new Map(world.tiles);
      const key = `0/${Math.floor(at / 256)}`;
      tiles.set(key, flipped(tiles.get(key)!, (at % 256) * 32));
      const findings = world.audit({ readTile: (level, index) => tiles.get(`${level}/${index}`) });
      expect(found(findings)).toContainEqual(['tile-altered', at]);
      expect(findings.some(({ rule }) => rule === 'entry-altered' || rule === 'checkpoint-root')).toBe(false);
    }
  });

  test('a changed hash in an upper tile is found with the leaves it stands for', () => {
    const world = busy();
    const tiles = new Map(world.tiles);
    tiles.set('1/0', flipped(tiles.get('1/0')!, 40));
    const findings = world.audit({ readTile: (level, index) => tiles.get(`${level}/${index}`) });
    expect(found(findings)).toEqual([
      ['tile-root', null],
      ['tile-altered', 256],
    ]);
    expect(findings[1]?.message).toContain('hash 1 of `tile/1/000.p/2`');
  });

  test('of an upper and a leaf tile changed, the leaf is named: it is the nearer place', () => {
    const world = busy();
    const tiles = new Map(world.tiles);
    tiles.set('1/0', flipped(tiles.get('1/0')!, 0));
    tiles.set('0/1', flipped(tiles.get('0/1')!, 32));
    const findings = world.audit({ readTile: (level, index) => tiles.get(`${level}/${index}`) });
    expect(found(findings)).toContainEqual(['tile-altered', 257]);
  });

  test('entry and tile changed alike still do not give the signed root', () => {
    const world = busy();
    const leaf = flipped(world.entries[20]!.leaf, 89);
    const tiles = new Map(world.tiles);
    const tile = Uint8Array.from(tiles.get('0/0')!);
    tile.set(hashLeaf(hash, leaf), 20 * 32);
    tiles.set('0/0', tile);
    const findings = world.audit({
      entries: altered(world, 20, () => ({ leaf })),
      readTile: (level, index) => tiles.get(`${level}/${index}`),
    });
    expect(found(findings)).toContainEqual(['checkpoint-root', null]);
    expect(findings.some(({ severity }) => severity === 'critical')).toBe(true);
  });

  test('tiles that are missing, cut or too long are named', () => {
    const world = busy();
    const whole = world.tiles.get('0/1')!;
    for (const tile of [undefined, whole.subarray(32), whole.subarray(1), Buffer.concat([whole, whole])]) {
      const readTile = (level: number, index: number): Uint8Array | undefined =>
        level === 0 && index === 1 ? tile : world.tiles.get(`${level}/${index}`);
      const findings = world.audit({ readTile });
      expect(found(findings)).toContainEqual(['tile-missing', 256]);
      expect(findings[0]?.message).toContain('`tile/0/001`');
    }
  });

  test('a deleted entry is found where it was, renumbered or not', () => {
    const world = busy();
    const gap = world.entries.filter(({ index }) => index !== 77);
    expect(found(world.audit({ entries: gap, records: 'given' }))).toContainEqual(['entry-missing', 77]);
    const renumbered = gap.map((entry, index) => ({ ...entry, index }));
    const findings = found(world.audit({ entries: renumbered }));
    expect(findings).toContainEqual(['entry-altered', 77]);
    expect(findings).toContainEqual(['entry-missing', world.entries.length - 1]);
  });

  test('entries in another order are found, renumbered or not', () => {
    const world = busy();
    const [first, second] = [world.entries[50]!, world.entries[51]!];
    const swapped = world.entries.with(50, second).with(51, first);
    expect(found(world.audit({ entries: swapped }))).toContainEqual(['entry-missing', 50]);
    expect(found(world.audit({ entries: swapped }))).toContainEqual(['entry-order', 52]);
    const renumbered = swapped.map((entry, index) => ({ ...entry, index }));
    expect(found(world.audit({ entries: renumbered }))).toContainEqual(['entry-altered', 50]);
  });

  test('a repeated entry, and indexes that are none, are found', () => {
    const world = busy();
    const twice = world.entries.toSpliced(30, 0, world.entries[29]!);
    expect(found(world.audit({ entries: twice }))).toContainEqual(['entry-order', 30]);
    for (const index of [-1, 0.5, Number.NaN]) {
      const entries = altered(world, 9, () => ({ index }));
      expect(found(world.audit({ entries })).map(([rule]) => rule)).toContain('entry-order');
    }
  });

  test('entries after the checkpoint are nobody\u2019s word', () => {
    const world = busy();
    const { checkpoint, entries } = world;
    const before = entries.length;
    const frozen = new Map(world.tiles);
    const more = world.entries.slice();
    world.issue();
    expect(more).toHaveLength(before);
    const findings = world.audit({ checkpoint, readTile: (level, index) => frozen.get(`${level}/${index}`) });
    expect(found(findings)).toEqual([['entry-unsigned', before]]);
  });

  test('an entry put in between is found there', () => {
    const world = busy();
    const inserted = [...world.entries.slice(0, 40), world.entries[39]!, ...world.entries.slice(40)];
    const entries = inserted.map((entry, index) => ({ ...entry, index }));
    const findings = found(world.audit({ entries }));
    expect(findings).toContainEqual(['entry-altered', 40]);
    expect(findings).toContainEqual(['entry-unsigned', world.entries.length]);
  });
});

describe('the log was signed anew', () => {
  test('L2 a restored older log is behind a head seen before', () => {
    const world = busy();
    const older = busy();
    world.issue();
    const known = [world.checkpoint];
    expect(found(older.audit({ known }))).toEqual([['rolled-back', older.entries.length]]);
  });

  test('L2 a rewritten log of the same size has another root', () => {
    const [world, forked] = [new World().genesis(), new World().genesis()];
    world.issue({ identity: 'victim' });
    forked.issue({ identity: 'nobody' });
    expect(forked.audit()).toEqual([]);
    expect(found(forked.audit({ known: [world.checkpoint] }))).toEqual([['forked', null]]);
  });

  test('L2 a rewritten log that grew on is found at the heads it does not continue', () => {
    const [world, forked] = [busy(), busy()];
    const common = world.checkpoint;
    world.issue({ identity: 'victim' });
    const seen = world.checkpoint;
    forked.issue({ identity: 'nobody' });
    for (let i = 0; i < 30; i++) forked.issue();
    expect(forked.audit()).toEqual([]);
    const findings = forked.audit({ known: [seen, common] });
    expect(found(findings)).toEqual([['forked', common.size]]);
    expect(findings[0]?.message).toContain(`${seen.size} leaves`);
  });

  test('entries altered in the store are not mistaken for a fork', () => {
    const world = busy();
    const known = [world.checkpoint];
    world.issue();
    const entries = altered(world, 3, ({ leaf }) => ({ leaf: flipped(leaf, 89) }));
    expect(found(world.audit({ known, entries })).map(([rule]) => rule)).not.toContain('forked');
  });

  test('a checkpoint of another log, or with lines nobody can audit, is found', () => {
    const world = busy();
    expect(found(world.audit({ origin: 'log.example/2' }))).toEqual([['origin-mismatch', null]]);
    const extended = { ...world.checkpoint, extensions: ['x'] };
    expect(found(world.audit({ checkpoint: extended }))).toEqual([['checkpoint-extension', null]]);
  });
});

describe('records', () => {
  test('a missing record is found, unless an erasure after it names it', () => {
    const world = new World().genesis();
    const [kept, erased, lost] = [world.issue(), world.issue(), world.issue()];
    world.add('erasure', { indexes: [erased], by: 'bob' });
    const entries = world.entries.map((entry) =>
      entry.index === erased || entry.index === lost ? { index: entry.index, leaf: entry.leaf } : entry,
    );
    expect(kept).toBe(3);
    expect(found(world.audit({ entries }))).toEqual([['record-missing', lost]]);
    expect(world.audit({ entries, records: 'given' })).toEqual([]);
  });

  test('an erasure cannot cover what comes after it', () => {
    const world = new World().genesis();
    const at = world.add('erasure', { indexes: [world.entries.length + 1], by: 'bob' });
    const lost = world.issue();
    const entries = altered(world, lost, () => ({})).map((entry) =>
      entry.index === lost ? { index: lost, leaf: entry.leaf } : entry,
    );
    expect(found(world.audit({ entries }))).toEqual([
      ['erasure-reference', at],
      ['record-missing', lost],
    ]);
  });

  test('a salt without record, or a record without salt, is a missing record', () => {
    const world = new World().genesis();
    const at = world.issue();
    const { leaf, salt, record } = world.entries[at]!;
    for (const left of [{ salt: salt! }, { record: record! }]) {
      const entries = world.entries.with(at, { index: at, leaf, ...left });
      expect(found(world.audit({ entries }))).toEqual([['record-missing', at]]);
    }
  });

  test('a record that is committed to but says something else than its leaf is found', () => {
    const cases: [Record<string, unknown>, Partial<Leaf>][] = [
      [{ credential_class: 'x509' }, {}],
      [{}, { credentialClass: 'ssh' }],
    ];
    for (const [fields, leaf] of cases) {
      const world = new World().genesis();
      const at = world.issue(fields, leaf);
      expect(found(world.audit())).toEqual([['record-disagrees', at]]);
    }
    const world = new World().genesis();
    const at = world.add('freeze', { scope: 'everything', by: 'b', reason: 'r', type: 'revoke' });
    expect(found(world.audit())).toEqual([['record-malformed', at]]);
    const again = world.add('freeze', { type: 'delivery' });
    expect(found(world.audit())).toContainEqual(['record-disagrees', again]);
  });

  test('a malformed record is found although it is committed to', () => {
    const world = new World().genesis();
    const at = world.issue({ unknown: 1 });
    expect(found(world.audit())).toEqual([['record-malformed', at]]);
  });

  test('L5 a leaf that is none is found although the tree holds it', () => {
    const world = new World().genesis();
    const at = world.issue();
    const stuffed = Uint8Array.from(world.entries[at]!.leaf);
    stuffed[1] = 5;
    world.append(stuffed, new Uint8Array(32), '{}');
    world.append(Buffer.from('secret'), new Uint8Array(32), '{}');
    expect(found(world.audit())).toEqual([
      ['leaf-malformed', at + 1],
      ['leaf-malformed', at + 2],
    ]);
  });
});

describe('the order of leaves', () => {
  test('time never runs backwards', () => {
    const world = new World().genesis();
    world.time += 1000;
    world.issue();
    world.time -= 500;
    const back = world.issue();
    const still = world.issue();
    expect(found(world.audit())).toEqual([
      ['time-backwards', back],
      ['time-backwards', still],
    ]);
  });

  test('F10 no issuance of a frozen scope after its freeze and before its unfreeze', () => {
    const scopes = [
      'everything',
      'identity:ci',
      'owner:team',
      'right:deploy',
      'flow:ci',
      'anchor:github',
      'integration:none',
    ];
    for (const scope of scopes) {
      const world = new World().genesis();
      world.issue();
      const at = world.freeze(scope);
      const bad = world.issue();
      world.unfreeze(scope);
      world.issue();
      const findings = world.audit();
      expect(found(findings)).toEqual([['issue-while-frozen', bad]]);
      expect(findings[0]?.message).toBe(`issued although \`${scope}\` has been frozen since leaf ${at}`);
    }
  });

  test('F10 a record that leaves a scope out does not slip past its freeze', () => {
    const world = new World().genesis();
    world.freeze('anchor:github');
    const bad = world.issue({ freeze_scopes: [] });
    expect(found(world.audit())).toEqual([['issue-while-frozen', bad]]);
  });

  test('a freeze of another scope stops nothing', () => {
    const world = new World().genesis();
    for (const scope of ['identity:c', 'identity:cii', 'owner:ci', 'flow:CI']) world.freeze(scope);
    world.issue();
    expect(world.audit()).toEqual([]);
  });

  test('lifting a freeze that is not there is found', () => {
    const world = new World().genesis();
    world.freeze('flow:ci');
    world.unfreeze('flow:ci');
    const at = world.unfreeze('flow:ci');
    expect(found(world.audit())).toEqual([['unfreeze-without-freeze', at]]);
  });

  test('an issuance is decided by the artefact set in force at its index', () => {
    const world = new World().genesis();
    world.issue();
    world.switchTo(B);
    world.issue();
    const stale = world.issue({ artefacts: A });
    world.switchTo(C, 'dev');
    world.issue();
    const early = world.issue({ artefacts: B });
    expect(found(world.audit())).toEqual([
      ['issue-artefacts', stale],
      ['issue-artefacts', early],
    ]);
  });

  test('under a development set every issuance says so, and under no other', () => {
    const world = new World().genesis();
    const boasting = world.issue({}, { dev: true });
    world.switchTo(B, 'dev');
    const silent = world.issue({}, { dev: false });
    world.issue();
    world.switchTo(C);
    world.issue();
    expect(found(world.audit())).toEqual([
      ['issue-dev-flag', boasting],
      ['issue-dev-flag', silent],
    ]);
  });

  test('a switch wears the dev flag exactly when it was one of development', () => {
    const world = new World().genesis();
    const hidden = world.switchTo(B, 'dev', { dev: false });
    const shown = world.switchTo(C, 'published', { dev: true });
    expect(found(world.audit())).toEqual([
      ['artefacts-mode', hidden],
      ['artefacts-mode', shown],
    ]);
  });

  test('a switch names the set it replaces', () => {
    const world = new World().genesis();
    const at = world.add('artefacts', { hash: C, previous: B, mode: 'published', by: 'x' });
    expect(found(world.audit())).toEqual([['artefacts-chain', at]]);
  });

  test('the first leaf is the genesis and there is no second one', () => {
    const headless = new World();
    headless.freeze('everything');
    expect(found(headless.audit())).toEqual([['genesis-missing', 0]]);
    const published = new World();
    published.add('artefacts', { hash: A, previous: null, mode: 'published', by: 'x' });
    expect(found(published.audit())).toEqual([['genesis-missing', 0]]);
    const chained = new World();
    chained.add('artefacts', { hash: A, previous: B, mode: 'genesis', by: 'x' });
    expect(found(chained.audit())).toEqual([['artefacts-chain', 0]]);
    const twice = new World().genesis();
    const at = twice.add('artefacts', { hash: B, previous: A, mode: 'genesis', by: 'x' });
    expect(found(twice.audit())).toEqual([['genesis-repeated', at]]);
  });

  test('while the record of a switch is not given, nothing is held against the set it switched to', () => {
    const world = new World().genesis();
    const at = world.switchTo(B);
    world.issue();
    world.switchTo(C);
    world.issue();
    const entries = world.entries.with(at, { index: at, leaf: world.entries[at]!.leaf });
    expect(world.audit({ entries, records: 'given' })).toEqual([]);
  });

  test('T19 an issuance uses a key between its activation and its retirement', () => {
    const world = new World().genesis();
    const unknown = world.issue({ kid: 'k2' });
    world.key('k2', 'prepared');
    const early = world.issue({ kid: 'k2' });
    world.key('k2', 'activated');
    world.issue({ kid: 'k2' });
    world.key('k1', 'retired');
    const late = world.issue();
    world.issue({ kid: 'k2' });
    expect(found(world.audit())).toEqual([
      ['issue-key', unknown],
      ['issue-key', early],
      ['issue-key', late],
    ]);
  });

  test('a key lives once: prepared, activated, retired', () => {
    const events = ['prepared', 'activated', 'retired'] as const;
    for (const first of events) {
      for (const second of events) {
        const world = new World().genesis();
        const [a, b] = [world.key('k2', first), world.key('k2', second)];
        const rules = found(world.audit());
        const wrong = [
          ...(first === 'prepared' ? [] : [['key-order', a]]),
          ...(events.indexOf(second) === events.indexOf(first) + 1 ? [] : [['key-order', b]]),
        ];
        expect(rules).toEqual(wrong);
      }
    }
  });

  test('a credential nobody signs needs no key', () => {
    const world = new World().genesis();
    const { kid: _, ...record } = JSON.parse(world.entries[world.issue()]!.record!) as Record<
      string,
      unknown
    >;
    world.add(
      'issue',
      { ...record, credential_class: 'password', requested_at_ms: world.time + 10 },
      { credentialClass: 'password' },
    );
    expect(world.audit()).toEqual([]);
  });

  test('revocations and aborts refer to an issuance before them, by its credential', () => {
    const world = new World().genesis();
    const issued = world.issue();
    const unnamed = world.issue({ credential: 'other' });
    world.revoke(issued);
    const [toKey, toSelf, ahead] = [
      world.revoke(1),
      world.revoke(world.entries.length),
      world.revoke(10_000),
    ];
    const wrong = world.revoke(unnamed);
    const abort = world.add('abort', { run: 'r', issue_index: 0, reason: 'x' });
    expect(found(world.audit())).toEqual(
      [toKey, toSelf, ahead, wrong, abort].map((index) => ['issue-reference', index]),
    );
  });

  test('a revocation of an issuance whose record is not given is held to its index only', () => {
    const world = new World().genesis();
    const issued = world.issue();
    world.revoke(issued, 'any');
    const entries = world.entries.with(issued, { index: issued, leaf: world.entries[issued]!.leaf });
    expect(world.audit({ entries, records: 'given' })).toEqual([]);
  });

  test('one entry authorises one signature: the same tbs digest twice is found', () => {
    const world = new World().genesis();
    const first = world.issue();
    for (let i = 0; i < 1500; i++) world.issue();
    const { tbs } = decodeLeaf(world.entries[first]!.leaf);
    const again = world.issue({}, { tbs });
    const findings = world.audit();
    expect(found(findings)).toEqual([['issue-duplicate', again]]);
    expect(findings[0]?.message).toContain(`leaf ${first}`);
  });
});

describe('findings', () => {
  test('L6 a finding shows what was given in one line, without control characters', () => {
    const world = busy();
    const entries = altered(world, 8, () => ({ leaf: Buffer.from('\u001b[2J') }));
    const messages = world.audit({ entries, origin: 'log.example/2' }).map(({ message }) => message);
    expect(messages.length).toBeGreaterThan(2);
    expect(messages.filter((message) => /\p{Cc}/u.test(message))).toEqual([]);
  });

  test('a log damaged everywhere yields a list with an end', () => {
    const world = new World().genesis();
    for (let i = 0; i < 10_050; i++) world.add('approval');
    const entries = world.entries.map(({ index, leaf }) => ({ index, leaf }));
    const findings = world.audit({ entries });
    expect(findings).toHaveLength(10_001);
    expect(findings.at(-1)).toMatchObject({ rule: 'findings-truncated', index: null, severity: 'critical' });
    expect(findings.at(-1)?.message).toBe('53 more findings were left out');
  });

  test('what the tree itself contradicts is critical', () => {
    const world = busy();
    const entries = altered(world, 8, ({ leaf }) => ({ leaf: flipped(leaf, 30) }));
    const severities = world.audit({ entries }).map(({ rule, severity }) => [rule, severity]);
    expect(severities).toEqual([
      ['record-commitment', 'critical'],
      ['checkpoint-root', 'critical'],
      ['entry-altered', 'critical'],
    ]);
  });
});
