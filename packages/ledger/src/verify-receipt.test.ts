import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  append,
  canonicalJson,
  ed25519Signer,
  emptyTree,
  encodeLeaf,
  formatCheckpoint,
  formatLogProof,
  formatReceipt,
  formatVerifierKey,
  type Hash,
  hashLeaf,
  type Leaf,
  LedgerError,
  type LogProof,
  parseLogProof,
  parsePolicy,
  parseReceipt,
  recordCommitment,
  signNote,
  tbsDigest,
  type VerifyEd25519,
  verifierKey,
  verifyReceipt,
  verifyRecord,
} from './index.ts';

const hash: Hash = (data) => createHash('sha256').update(data).digest();
const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
};

function logParty(name: string, seed: number) {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(secret).export({ format: 'jwk' });
  const key = verifierKey(hash, name, 'ed25519', Buffer.from(String(x), 'base64url'));
  return { key, signer: ed25519Signer(key, (message) => new Uint8Array(sign(null, message, secret))) };
}

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof LedgerError ? error.code : String(error);
  }
  return 'accepted';
}

const log = logParty('log.example/1', 1);
const policy = parsePolicy(hash, `log ${formatVerifierKey(log.key)}\nquorum none\n`);
const tbs = { kind: 'jwt', bytes: Buffer.from('header.payload') } as const;
const salt = new Uint8Array(32).fill(8);
const hex = (digit: string): string => digit.repeat(64);
const record = canonicalJson({
  type: 'issue',
  requested_at_ms: 1234,
  artefacts: hex('a'),
  run: 'r',
  identity: 'i',
  owner: 'o',
  purpose: 'p',
  subject: 's',
  audience: 'aud',
  scopes: ['x'],
  ttl: 60,
  not_after_ms: 61_234,
  flow: { name: 'f', version: 1, hash: hex('f') },
  right: 'right',
  decided_by: ['proof'],
  plan: hex('b'),
  evidence: [],
  freeze_scopes: ['everything'],
  kid: 'k',
  credential_class: 'token',
});
const leaf: Leaf = {
  type: 'issue',
  timeMs: 1234,
  credentialClass: 'token',
  dev: false,
  unattended: true,
  identityTag: new Uint8Array(16).fill(7),
  record: recordCommitment(hash, salt, Buffer.from(record)),
  tbs: tbsDigest(hash, tbs.kind, tbs.bytes),
};

function receiptOf(issued: Leaf, party = log, size = 11, index = 6): string {
  const filler = Array.from({ length: size }, (_, i) => hashLeaf(hash, Buffer.from(`other ${i}`)));
  const bytes = encodeLeaf(issued);
  const { root, prove } = append(hash, emptyTree, filler.with(index, hashLeaf(hash, bytes)));
  const checkpoint = signNote(formatCheckpoint({ origin: party.key.name, size, root }), [party.signer]);
  return formatReceipt({ index, leaf: bytes, salt, proof: prove(index), checkpoint });
}

const receipt = receiptOf(leaf);
const base = { hash, verify: verifyEd25519, policy, receipt, tbs };

describe('verifyReceipt', () => {
  test('S4.14 a receipt shows offline that this credential\u2019s issuance is in the ledger', () => {
    expect(verifyReceipt({ ...base, record })).toMatchObject({
      origin: 'log.example/1',
      index: 6,
      size: 11,
      leaf: { type: 'issue', credentialClass: 'token', unattended: true, dev: false },
      witnesses: [],
      record: { identity: 'i', audience: 'aud' },
    });
    expect(verifyReceipt(base).record).toBeNull();
  });

  test('S4.14 a token nobody logged borrows no receipt of another', () => {
    const forged = { kind: 'jwt', bytes: Buffer.from('header.forged') } as const;
    expect(code(() => verifyReceipt({ ...base, tbs: forged }))).toBe('receipt-mismatch');
    expect(code(() => verifyReceipt({ ...base, tbs: { ...tbs, kind: 'secret' } }))).toBe('receipt-mismatch');
  });

  test('a leaf of another type is no issuance', () => {
    const revoked: Leaf = { ...leaf, type: 'revoke', unattended: false, tbs: null };
    expect(code(() => verifyReceipt({ ...base, receipt: receiptOf(revoked) }))).toBe('receipt-mismatch');
  });

  test('a receipt of a log the policy does not know is refused', () => {
    const stranger = logParty('log.example/1', 2);
    expect(code(() => verifyReceipt({ ...base, receipt: receiptOf(leaf, stranger) }))).toBe('note-untrusted');
  });

  test('a receipt without the quorum of witnesses is refused', () => {
    const witness = formatVerifierKey(
      verifierKey(hash, 'w.example', 'cosignature-v1', logParty('w.example', 5).key.publicKey),
    );
    const strict = parsePolicy(hash, `log ${formatVerifierKey(log.key)}\nwitness W ${witness}\nquorum W\n`);
    expect(code(() => verifyReceipt({ ...base, policy: strict }))).toBe('policy-unsatisfied');
  });

  test('a leaf swapped in the extra data does not have the proof', () => {
    const parsed = parseReceipt(receipt);
    const other = encodeLeaf({ ...leaf, tbs: tbsDigest(hash, 'jwt', Buffer.from('header.forged')) });
    const swapped = formatReceipt({ ...parsed, leaf: other });
    expect(code(() => verifyReceipt({ ...base, receipt: swapped }))).toBe('root-mismatch');
  });

  test('another index, or a proof hash more or less, is refused', () => {
    const parsed = parseReceipt(receipt);
    for (const bad of [
      { ...parsed, index: 7 },
      { ...parsed, index: 11 },
      { ...parsed, proof: parsed.proof.slice(1) },
      { ...parsed, proof: [...parsed.proof, parsed.proof[0]!] },
      { ...parsed, proof: [] },
    ]) {
      expect(code(() => verifyReceipt({ ...base, receipt: formatReceipt(bad) }))).not.toBe('accepted');
    }
  });

  test('a record that is not the one committed to, or a salt that is not its own, is refused', () => {
    const altered = record.replace('"aud"', '"AUD"');
    expect(code(() => verifyReceipt({ ...base, record: altered }))).toBe('record-mismatch');
    const parsed = parseReceipt(receipt);
    const salted = formatReceipt({ ...parsed, salt: salt.with(0, 1) });
    expect(code(() => verifyReceipt({ ...base, receipt: salted, record }))).toBe('record-mismatch');
  });

  test('the one-leaf log has a receipt without proof hashes', () => {
    const single = receiptOf(leaf, log, 1, 0);
    expect(verifyReceipt({ ...base, receipt: single })).toMatchObject({ index: 0, size: 1 });
  });

  test('each byte of a receipt matters: changed, it is refused; only the salt needs the record to tell', () => {
    const bytes = Buffer.from(receipt);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = changed[at]! ^ (at % 2 === 0 ? 1 : 2);
      const text = changed.toString('utf8');
      expect(code(() => verifyReceipt({ ...base, receipt: text, record }))).not.toBe('accepted');
    }
  });

  test('a receipt cut anywhere is refused', () => {
    for (let length = 0; length < receipt.length; length++) {
      expect(code(() => verifyReceipt({ ...base, receipt: receipt.slice(0, length) }))).not.toBe('accepted');
    }
    for (const more of ['\n', ' ', 'x']) {
      expect(code(() => verifyReceipt({ ...base, receipt: receipt + more }))).not.toBe('accepted');
      expect(code(() => verifyReceipt({ ...base, receipt: more + receipt }))).not.toBe('accepted');
    }
  });
});

describe('verifyRecord', () => {
  const text = (change: object): string => canonicalJson({ ...JSON.parse(record), ...change });

  test('record and leaf must tell the same, even when the commitment holds', () => {
    expect(verifyRecord(hash, leaf, salt, record).type).toBe('issue');
    for (const lie of [text({ credential_class: 'x509' })]) {
      const committed = { ...leaf, record: recordCommitment(hash, salt, Buffer.from(lie)) };
      expect(code(() => verifyRecord(hash, committed, salt, lie))).toBe('record-mismatch');
    }
    const freeze = canonicalJson({
      type: 'freeze',
      requested_at_ms: 1234,
      artefacts: hex('a'),
      scope: 'everything',
      by: 'b',
      reason: 'r',
    });
    const committed = { ...leaf, record: recordCommitment(hash, salt, Buffer.from(freeze)) };
    expect(code(() => verifyRecord(hash, committed, salt, freeze))).toBe('record-mismatch');
  });

  test('a record that is committed to but malformed is refused', () => {
    const committed = { ...leaf, record: recordCommitment(hash, salt, Buffer.from('{}')) };
    expect(code(() => verifyRecord(hash, committed, salt, '{}'))).toBe('record-malformed');
  });
});

describe('tlog-proof', () => {
  const checkpoint = 'o\n1\nAAAA\n\n\u2014 o AAAAAAAA\n';
  const node = Buffer.alloc(32, 9).toString('base64');

  test('its text is that of the specification, line by line', () => {
    const text = formatLogProof({
      index: 73894,
      proof: [Buffer.alloc(32, 9)],
      checkpoint,
      extra: Buffer.from('hi'),
    });
    expect(text).toBe(`c2sp.org/tlog-proof@v1\nextra aGk=\nindex 73894\n${node}\n\n${checkpoint}`);
    expect(formatLogProof({ index: 0, proof: [], checkpoint, extra: null })).toBe(
      `c2sp.org/tlog-proof@v1\nindex 0\n\n${checkpoint}`,
    );
  });

  test('every proof reads back', () => {
    const proof: fc.Arbitrary<LogProof> = fc.record({
      index: fc.maxSafeNat(),
      proof: fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 53 }),
      checkpoint: fc.constant(checkpoint),
      extra: fc.option(fc.uint8Array({ minLength: 1, maxLength: 200 })),
    });
    fc.assert(
      fc.property(proof, (one) => {
        expect(parseLogProof(formatLogProof(one))).toEqual(one);
      }),
    );
  });

  test.each([
    ['', 'nothing'],
    [`c2sp.org/tlog-proof@v2\nindex 0\n\n${checkpoint}`, 'another version'],
    [`C2SP.org/tlog-proof@v1\nindex 0\n\n${checkpoint}`, 'another case'],
    [`c2sp.org/tlog-proof@v1\n\n${checkpoint}`, 'no index'],
    [`c2sp.org/tlog-proof@v1\nindex 00\n\n${checkpoint}`, 'a leading zero'],
    [`c2sp.org/tlog-proof@v1\nindex -1\n\n${checkpoint}`, 'a negative index'],
    [`c2sp.org/tlog-proof@v1\nindex  1\n\n${checkpoint}`, 'two spaces'],
    [`c2sp.org/tlog-proof@v1\nindex 9007199254740992\n\n${checkpoint}`, 'an index of 2^53'],
    [`c2sp.org/tlog-proof@v1\nindex 0\nextra aGk=\n\n${checkpoint}`, 'extra after index'],
    [`c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n${checkpoint}`, 'empty extra'],
    [`c2sp.org/tlog-proof@v1\nextra aGk\nindex 0\n\n${checkpoint}`, 'extra without padding'],
    [`c2sp.org/tlog-proof@v1\nextra aGk=\nextra aGk=\nindex 0\n\n${checkpoint}`, 'extra twice'],
    [`c2sp.org/tlog-proof@v1\nindex 0\n${node.slice(4)}\n\n${checkpoint}`, 'a short hash'],
    [`c2sp.org/tlog-proof@v1\nindex 0\n ${node}\n\n${checkpoint}`, 'a space before a hash'],
    [
      `c2sp.org/tlog-proof@v1\nindex 0\n${`${node}\n`.repeat(54)}\n${checkpoint}`,
      'more hashes than a tree is high',
    ],
    [`c2sp.org/tlog-proof@v1\r\nindex 0\n\n${checkpoint}`, 'a carriage return'],
  ])('%# is refused: %j (%s)', (text) => {
    expect(code(() => parseLogProof(text))).toBe('receipt-malformed');
  });

  test.each([
    [`c2sp.org/tlog-proof@v1\nindex 0\n\n`, 'no checkpoint'],
    [`c2sp.org/tlog-proof@v1\nindex 0\n\no\n1\nAAAA\n`, 'an unsigned checkpoint'],
    [`c2sp.org/tlog-proof@v1\nindex 0\n\n${checkpoint}\n`, 'a blank line at the end'],
  ])('%j is refused (%s)', (text) => {
    expect(code(() => parseLogProof(text))).toBe('note-malformed');
  });

  test('what cannot be read back is not written', () => {
    const good = { index: 0, proof: [], checkpoint, extra: null };
    expect(code(() => formatLogProof({ ...good, index: -1 }))).toBe('receipt-malformed');
    expect(code(() => formatLogProof({ ...good, extra: new Uint8Array(0) }))).toBe('receipt-malformed');
    expect(code(() => formatLogProof({ ...good, proof: [new Uint8Array(31)] }))).toBe('hash-invalid');
    expect(code(() => formatLogProof({ ...good, checkpoint: 'o\n' }))).toBe('note-malformed');
    const long = Array.from({ length: 54 }, () => new Uint8Array(32));
    expect(code(() => formatLogProof({ ...good, proof: long }))).toBe('receipt-malformed');
  });

  test('a proof of another application is not a receipt of Writ', () => {
    for (const extra of [null, Buffer.alloc(121, 1), Buffer.alloc(123, 1)]) {
      const text = formatLogProof({ index: 0, proof: [], checkpoint, extra });
      expect(code(() => parseReceipt(text))).toBe('receipt-malformed');
    }
    const unsalted = { index: 0, leaf: new Uint8Array(90), salt: new Uint8Array(31), proof: [], checkpoint };
    expect(code(() => formatReceipt(unsalted))).toBe('receipt-malformed');
  });
});
