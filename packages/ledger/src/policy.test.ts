import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addSignature,
  cosigner,
  ed25519Signer,
  formatCheckpoint,
  formatVerifierKey,
  type Hash,
  LedgerError,
  parsePolicy,
  type SignatureType,
  satisfyPolicy,
  signNote,
  type VerifierKey,
  type VerifyEd25519,
  verifierKey,
} from './index.ts';

const hash: Hash = (data) => createHash('sha256').update(data).digest();
const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
};

interface Party {
  readonly key: VerifierKey;
  readonly vkey: string;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

function party(name: string, type: SignatureType, seed: number): Party {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(secret).export({ format: 'jwk' });
  const key = verifierKey(hash, name, type, Buffer.from(String(x), 'base64url'));
  return {
    key,
    vkey: formatVerifierKey(key),
    sign: (message) => new Uint8Array(sign(null, message, secret)),
  };
}

const log = party('log.example/1', 'ed25519', 1);
const other = party('log.example/2', 'ed25519', 2);
const witnesses = Array.from({ length: 5 }, (_, i) => party(`w${i}.example`, 'cosignature-v1', 10 + i));
const [w0, w1, w2, w3, w4] = witnesses.map((one) => one.vkey);

const head = formatCheckpoint({ origin: 'log.example/1', size: 9, root: new Uint8Array(32).fill(3) });
const signed = signNote(head, [ed25519Signer(log.key, log.sign)]);

function cosignedBy(who: readonly number[], note: string = signed): string {
  return who.reduce(
    (so, i) => addSignature(so, cosigner(witnesses[i]!.key, 1000 + i, witnesses[i]!.sign)),
    note,
  );
}

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof LedgerError ? error.code : String(error);
  }
  return 'accepted';
}

const verdict = (policy: string, note: string): string =>
  code(() => satisfyPolicy(parsePolicy(hash, policy), note, verifyEd25519));

const twoLevels = `# comment
log ${log.vkey}\thttps://log.example/1

  witness X1 ${w0}
witness X2 ${w1} https://w1.example
witness X3 ${w2}
group X-witnesses 2 X1 X2 X3

witness Y1 ${w3}
witness Y2 ${w4}
group Y-witnesses any Y1 Y2

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`;

describe('parsePolicy', () => {
  test('the shape of the specification\u2019s example is read', () => {
    const policy = parsePolicy(hash, twoLevels);
    expect(policy.logs.map(({ key, url }) => [key.name, url])).toEqual([
      ['log.example/1', 'https://log.example/1'],
    ]);
    expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([
      ['X1', null],
      ['X2', 'https://w1.example'],
      ['X3', null],
      ['Y1', null],
      ['Y2', null],
    ]);
    expect(policy.quorum).toMatchObject({
      kind: 'group',
      threshold: 2,
      members: [
        { name: 'X-witnesses', threshold: 2 },
        { name: 'Y-witnesses', threshold: 1 },
      ],
    });
  });

  test('`quorum none` asks for no witness', () => {
    expect(parsePolicy(hash, `log ${log.vkey}\nquorum none\n`).quorum).toEqual({ kind: 'none' });
    expect(parsePolicy(hash, 'quorum none\n')).toEqual({ logs: [], witnesses: [], quorum: { kind: 'none' } });
  });

  test.each([
    ['', 'an empty file'],
    ['\n', 'no quorum'],
    [`log ${log.vkey}\n`, 'no quorum'],
    ['quorum none', 'no final newline'],
    ['quorum none\r\n', 'a carriage return'],
    ['quorum none\u0000\n', 'a NUL'],
    ['quorum none\u007f\n', 'a DEL'],
    ['quorum none\nquorum none\n', 'two quorum lines'],
    ['quorum\n', 'a quorum without name'],
    ['quorum none none\n', 'a quorum with two names'],
    ['quorum X\n', 'an unknown name'],
    ['quorum None\n', 'another case'],
    [`quorum X\nwitness X ${w0}\n`, 'a name defined afterwards'],
    ['trust X\nquorum none\n', 'an unknown kind'],
    ['Log x\nquorum none\n', 'another case of a kind'],
    ['log\nquorum none\n', 'a log without key'],
    ['log abc\nquorum none\n', 'a log with a bad key'],
    [`log ${log.vkey} u v\nquorum none\n`, 'a log with too much'],
    [`log ${w0}\nquorum none\n`, 'a witness key as a log'],
    [`log ${log.vkey}\nlog ${log.vkey}\nquorum none\n`, 'a log twice'],
    [`witness X ${log.vkey}\nquorum none\n`, 'a log key as a witness'],
    [`witness X\nquorum none\n`, 'a witness without key'],
    [`witness X ${w0} u v\nquorum none\n`, 'a witness with too much'],
    [`witness none ${w0}\nquorum none\n`, 'a witness named none'],
    [`witness X ${w0}\nwitness X ${w1}\nquorum X\n`, 'a name twice'],
    [`witness X ${w0}\nwitness Y ${w0}\nquorum X\n`, 'a witness key twice'],
    [`witness X ${w0}\ngroup X any X\nquorum X\n`, 'a group named like a witness'],
    [`witness X ${w0}\ngroup none any X\nquorum X\n`, 'a group named none'],
    [`witness X ${w0}\ngroup G any\nquorum G\n`, 'a group without members'],
    [`witness X ${w0}\ngroup G X\nquorum G\n`, 'a group without threshold'],
    [`witness X ${w0}\ngroup G any none\nquorum G\n`, 'none as a member'],
    [`witness X ${w0}\ngroup G any G\nquorum G\n`, 'a group in itself'],
    [`witness X ${w0}\ngroup G any X X\nquorum G\n`, 'a member twice'],
    [`witness X ${w0}\ngroup G any X\ngroup H any X\nquorum H\n`, 'a member of two groups'],
    [`witness X ${w0}\ngroup G 0 X\nquorum G\n`, 'threshold 0'],
    [`witness X ${w0}\ngroup G 2 X\nquorum G\n`, 'threshold above members'],
    [`witness X ${w0}\ngroup G 01 X\nquorum G\n`, 'threshold with leading zero'],
    [`witness X ${w0}\ngroup G -1 X\nquorum G\n`, 'negative threshold'],
    [`witness X ${w0}\ngroup G most X\nquorum G\n`, 'threshold in words'],
  ])('%# %s is refused (%s)', (text) => {
    expect(code(() => parsePolicy(hash, text))).toBe('policy-malformed');
  });

  test('a message names the line', () => {
    expect(() => parsePolicy(hash, `log ${log.vkey}\n# c\nwitness X abc\nquorum none\n`)).toThrow(
      /^policy line 3: /,
    );
  });

  test('one public key under two names is one witness, refused the second time', () => {
    const renamed = formatVerifierKey(
      verifierKey(hash, 'else.example', 'cosignature-v1', witnesses[0]!.key.publicKey),
    );
    expect(code(() => parsePolicy(hash, `witness X ${w0}\nwitness Y ${renamed}\nquorum X\n`))).toBe(
      'policy-malformed',
    );
  });

  test('names are opaque: a Kelvin sign is not a K', () => {
    expect(code(() => parsePolicy(hash, `witness K ${w0}\nquorum \u212a\n`))).toBe('policy-malformed');
    expect(code(() => parsePolicy(hash, `witness \u212a ${w0}\nquorum \u212a\n`))).toBe('accepted');
  });

  test('any line taken out of a policy leaves it refused, or as strict as it says', () => {
    const lines = twoLevels.split('\n');
    for (let i = 0; i < lines.length - 1; i++) {
      const text = lines.toSpliced(i, 1).join('\n');
      const kind = lines[i]!.trim().split(' ')[0]!;
      const expected =
        kind === '' || kind === '#' ? 'accepted' : kind === 'log' ? 'policy-unsatisfied' : 'policy-malformed';
      expect(verdict(text, cosignedBy([0, 1, 3]))).toBe(expected);
    }
  });
});

describe('satisfyPolicy', () => {
  test('without witnesses the log\u2019s signature is enough under `quorum none`, and needed', () => {
    const policy = `log ${log.vkey}\nquorum none\n`;
    expect(satisfyPolicy(parsePolicy(hash, policy), signed, verifyEd25519)).toMatchObject({
      checkpoint: { origin: 'log.example/1', size: 9 },
      witnesses: [],
    });
    expect(verdict(`log ${other.vkey}\nquorum none\n`, signed)).toBe('note-untrusted');
  });

  test('absence refuses: a policy without logs believes nobody', () => {
    expect(verdict('quorum none\n', signed)).toBe('note-untrusted');
    expect(verdict(`witness X ${w0}\nquorum X\n`, cosignedBy([0]))).toBe('policy-unsatisfied');
  });

  test('a log of the policy cannot sign for another origin', () => {
    const forged = signNote(head, [ed25519Signer(other.key, other.sign)]);
    expect(verdict(`log ${log.vkey}\nlog ${other.vkey}\nquorum none\n`, forged)).toBe('policy-unsatisfied');
  });

  test('witnesses that cosigned are named with their times', () => {
    const { witnesses: found } = satisfyPolicy(
      parsePolicy(hash, twoLevels),
      cosignedBy([4, 0, 2]),
      verifyEd25519,
    );
    expect(found).toEqual([
      { name: 'X1', time: 1000 },
      { name: 'X3', time: 1002 },
      { name: 'Y2', time: 1004 },
    ]);
  });

  test('every set of witnesses is judged as the groups say', () => {
    fc.assert(
      fc.property(fc.subarray([0, 1, 2, 3, 4]), (who) => {
        const met = who.filter((i) => i < 3).length >= 2 && who.some((i) => i >= 3);
        expect(verdict(twoLevels, cosignedBy(who))).toBe(met ? 'accepted' : 'policy-unsatisfied');
      }),
      { numRuns: 40 },
    );
  });

  test('one witness who cosigns many times counts once', () => {
    expect(verdict(twoLevels, cosignedBy([0, 0, 0, 3]))).toBe('policy-unsatisfied');
  });

  test('a cosignature of another checkpoint rejects the note', () => {
    const elsewhere = formatCheckpoint({
      origin: 'log.example/1',
      size: 10,
      root: new Uint8Array(32).fill(3),
    });
    const theirs = cosignedBy([0], signNote(elsewhere, [ed25519Signer(log.key, log.sign)]));
    const line = theirs.split('\n').find((one) => one.includes('w0.example'))!;
    const mixed = `${cosignedBy([1, 3])}${line}\n`;
    expect(verdict(twoLevels, mixed)).toBe('note-signature-invalid');
  });

  test('witnesses without the log are not enough', () => {
    const witnessed = cosignedBy([0, 1, 3]).split('\n');
    const stripped = witnessed.filter((line) => !line.startsWith('\u2014 log.example')).join('\n');
    expect(verdict(twoLevels, stripped)).toBe('policy-unsatisfied');
  });

  test('what the log signed must be a checkpoint', () => {
    const text = signNote('log.example/1\nhello\n', [ed25519Signer(log.key, log.sign)]);
    expect(verdict(`log ${log.vkey}\nquorum none\n`, text)).toBe('checkpoint-malformed');
  });
});
