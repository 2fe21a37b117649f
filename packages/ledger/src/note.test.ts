import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addSignature,
  cosignatureTime,
  cosignatureVerifier,
  cosigner,
  ed25519Signer,
  ed25519Verifier,
  encodeHex,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  type Hash,
  LedgerError,
  type NoteSigner,
  type NoteVerifier,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  type SignatureType,
  signNote,
  type VerifierKey,
  type VerifyEd25519,
  verifierKey,
  verifyNote,
} from './index.ts';

const hash: Hash = (data) => createHash('sha256').update(data).digest();

const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
};

function keyPair(name: string, seed: Uint8Array, type: SignatureType) {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const jwk = createPublicKey(secret).export({ format: 'jwk' });
  const key = verifierKey(hash, name, type, Buffer.from(String(jwk.x), 'base64url'));
  return { key, sign: (message: Uint8Array) => new Uint8Array(sign(null, message, secret)) };
}

function party(name: string, seed: number): { key: VerifierKey; signer: NoteSigner; verifier: NoteVerifier } {
  const pair = keyPair(name, new Uint8Array(32).fill(seed), 'ed25519');
  return {
    key: pair.key,
    signer: ed25519Signer(pair.key, pair.sign),
    verifier: ed25519Verifier(pair.key, verifyEd25519),
  };
}

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof LedgerError ? error.code : String(error);
  }
  return 'accepted';
}

// The example key and note of the first implementation of signed notes.
const PUBLISHED_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PUBLISHED_SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
const PUBLISHED_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PUBLISHED_NOTE = `${PUBLISHED_TEXT}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
// The example of C2SP signed-note; its text holds a blank line.
const POEM = `Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed \u00e8 subito sera.

\u2014 quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
`;
// The example of C2SP tlog-cosignature.
const COSIGNED = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;

describe('published examples', () => {
  test('the reference note verifies, and signing it again gives the same bytes', () => {
    const key = parseVerifierKey(hash, PUBLISHED_KEY);
    expect(formatVerifierKey(key)).toBe(PUBLISHED_KEY);
    const verified = verifyNote(PUBLISHED_NOTE, [ed25519Verifier(key, verifyEd25519)]);
    expect(verified.text).toBe(PUBLISHED_TEXT);
    const pair = keyPair('PeterNeumann', PUBLISHED_SEED, 'ed25519');
    expect(signNote(PUBLISHED_TEXT, [ed25519Signer(pair.key, pair.sign)])).toBe(PUBLISHED_NOTE);
  });

  test('the example of the specification is split at its last blank line', () => {
    const note = parseNote(POEM);
    expect(note.text.split('\n')).toHaveLength(5);
    expect(note.text.endsWith('sera.\n')).toBe(true);
    expect(note.signatures.map(({ name, keyId }) => `${name} ${encodeHex(keyId)}`)).toEqual([
      'quasimodo.example/salvatore 367ba04b',
    ]);
    expect(formatNote(note)).toBe(POEM);
  });

  test('the example of a cosigned checkpoint is read, with the time its witness states', () => {
    const note = parseNote(COSIGNED);
    expect(parseCheckpoint(note.text)).toMatchObject({
      origin: 'example.com/behind-the-sofa',
      size: 20852163,
    });
    expect(cosignatureTime(note.signatures[1]!.signature)).toBe(1679315147);
    expect(cosignatureTime(note.signatures[0]!.signature)).toBeNull();
    expect(formatNote(note)).toBe(COSIGNED);
  });
});

describe('verifyNote', () => {
  const alice = party('alice.example/log', 1);
  const bob = party('bob.example', 2);
  const note = signNote('text\n', [alice.signer, bob.signer]);

  test('signatures of all known keys are reported, those of others left out', () => {
    expect(verifyNote(note, [alice.verifier, bob.verifier]).signatures.map((one) => one.name)).toEqual([
      'alice.example/log',
      'bob.example',
    ]);
    expect(verifyNote(note, [bob.verifier]).signatures.map((one) => one.name)).toEqual(['bob.example']);
  });

  test('L4 a note signed by unknown keys only is refused', () => {
    expect(code(() => verifyNote(note, [party('carol.example', 3).verifier]))).toBe('note-untrusted');
    expect(code(() => verifyNote(note, []))).toBe('note-untrusted');
  });

  test('L4 a known key whose signature fails rejects the whole note, other good signatures or not', () => {
    const { text, signatures } = parseNote(note);
    const broken = { ...signatures[1]!, signature: signatures[1]!.signature.map((byte) => byte ^ 1) };
    const bad = formatNote({ text, signatures: [signatures[0]!, broken] });
    expect(code(() => verifyNote(bad, [alice.verifier, bob.verifier]))).toBe('note-signature-invalid');
    expect(verifyNote(bad, [alice.verifier]).signatures).toHaveLength(1);
  });

  test('L4 a bad copy of a known key beside a good one rejects the note', () => {
    const { text, signatures } = parseNote(note);
    const forged = { ...signatures[0]!, signature: new Uint8Array(64) };
    const bad = formatNote({ text, signatures: [signatures[0]!, forged] });
    expect(code(() => verifyNote(bad, [alice.verifier]))).toBe('note-signature-invalid');
  });

  test('L4 a signature under a known name and another id, or the reverse, is an unknown key', () => {
    const { text, signatures } = parseNote(note);
    const [first] = signatures;
    const otherId = { ...first!, keyId: Uint8Array.of(1, 2, 3, 4) };
    const otherName = { ...first!, name: 'alice.example/Log' };
    for (const one of [otherId, otherName]) {
      const bad = formatNote({ text, signatures: [one] });
      expect(code(() => verifyNote(bad, [alice.verifier]))).toBe('note-untrusted');
    }
  });

  test('two known keys of one name and id are refused, as neither could be told from the other', () => {
    expect(code(() => verifyNote(note, [alice.verifier, alice.verifier]))).toBe('key-ambiguous');
  });

  test('a plain signature never counts as a cosignature, nor the reverse', () => {
    const pair = keyPair('both.example', new Uint8Array(32).fill(9), 'ed25519');
    const asWitness = verifierKey(hash, 'both.example', 'cosignature-v1', pair.key.publicKey);
    const message = Buffer.from('text\n');
    const plain = pair.sign(message);
    expect(cosignatureVerifier(asWitness, verifyEd25519).verify(message, plain)).toBe(false);
    expect(cosignatureVerifier(pair.key, verifyEd25519).verify(message, plain)).toBe(false);
    const dated = cosigner(asWitness, 5, pair.sign).sign(message);
    expect(cosignatureVerifier(asWitness, verifyEd25519).verify(message, dated)).toBe(true);
    expect(ed25519Verifier(pair.key, verifyEd25519).verify(message, dated)).toBe(false);
    expect(ed25519Verifier(asWitness, verifyEd25519).verify(message, plain)).toBe(false);
  });

  test('every byte of a note matters: changed, it is refused or is the same note no more', () => {
    const small = signNote('a\n', [alice.signer]);
    const bytes = Buffer.from(small);
    for (let at = 0; at < bytes.length; at++) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64]) {
        const changed = Buffer.from(bytes);
        changed[at] = changed[at]! ^ bit;
        expect(code(() => verifyNote(changed.toString('utf8'), [alice.verifier]))).not.toBe('accepted');
      }
    }
  });

  test('a note cut or lengthened anywhere is refused', () => {
    const small = signNote('a\n', [alice.signer]);
    for (let at = 0; at < small.length; at++) {
      expect(code(() => verifyNote(small.slice(0, at), [alice.verifier]))).not.toBe('accepted');
      for (const more of [' ', '\n', '=', 'A']) {
        const longer = small.slice(0, at) + more + small.slice(at);
        expect(code(() => verifyNote(longer, [alice.verifier]))).not.toBe('accepted');
      }
    }
    expect(code(() => verifyNote(`${small}\n`, [alice.verifier]))).not.toBe('accepted');
  });
});

describe('parseNote', () => {
  const line = '\u2014 a.example AAAAAAAA\n';

  test.each([
    ['', 'nothing'],
    ['\n', 'one newline'],
    ['a\n', 'no blank line'],
    ['a\n\n', 'no signature'],
    [`a\n${line}`, 'no blank line before the signature'],
    [`a\n\n${line.slice(0, -1)}`, 'no final newline'],
    [`a\n\n${line}\n`, 'an extra blank line at the end'],
    [`a\n\n${line}\n${line}`, 'a blank line between signatures leaves text that is fine', 'accepted'],
    [`a\r\n\n${line}`, 'a carriage return'],
    [`a\u0000\n\n${line}`, 'a NUL'],
    [`a\u001b[31m\n\n${line}`, 'an escape sequence'],
    [`a\tb\n\n${line}`, 'a tab'],
    [`a\ud800\n\n${line}`, 'a lone surrogate'],
    ['a\n\n- a.example AAAAAAAA\n', 'a hyphen for the em dash'],
    ['a\n\n\u2014  AAAAAAAA\n', 'an empty name'],
    ['a\n\n\u2014 a.example\n', 'no signature bytes'],
    ['a\n\n\u2014 a.example \n', 'empty signature bytes'],
    ['a\n\n\u2014 a.example AAAAAA==\n', 'a key id without signature'],
    ['a\n\n\u2014 a.example AAAAAAA=\n', 'one byte after the key id', 'accepted'],
    ['a\n\n\u2014 a.example AAAAAAA\n', 'missing padding'],
    ['a\n\n\u2014 a.example AAAAAAB=\n', 'unused bits set'],
    ['a\n\n\u2014 a.example AAAA-AA=\n', 'the URL alphabet'],
    ['a\n\n\u2014 a.example AAAAAAAA AAAAAAAA\n', 'two signatures on a line'],
    ['a\n\n\u2014 a+b AAAAAAAA\n', 'a plus in the name'],
    ['a\n\n\u2014 a\u00a0b AAAAAAAA\n', 'a no-break space in the name'],
    ['a\n\n\u2014 a\u2003b AAAAAAAA\n', 'an em space in the name'],
    ['a\n\n\u2014 a\u0085b AAAAAAAA\n', 'a next line in the name'],
    [`\n\n${line}`, 'a text of one empty line', 'accepted'],
    [`a\n\n${line.repeat(16)}`, 'sixteen signatures', 'accepted'],
    [`a\n\n${line.repeat(64)}`, 'sixty-four signatures', 'accepted'],
    [`a\n\n${line.repeat(65)}`, 'sixty-five signatures'],
  ])('L4 %j (%s)', (note, _why, expected = 'note-malformed') => {
    expect(code(() => parseNote(note))).toBe(expected);
  });

  test('what is written reads back', () => {
    const name = fc.stringMatching(/^[a-z0-9./-]{1,20}$/);
    const signature = fc.record({
      name,
      keyId: fc.uint8Array({ minLength: 4, maxLength: 4 }),
      signature: fc.uint8Array({ minLength: 1, maxLength: 80 }),
    });
    const text = fc.stringMatching(/^[a-zA-Z \n\u00e8]{0,60}$/).map((body) => `${body}\n`);
    const note = fc.record({ text, signatures: fc.array(signature, { minLength: 1, maxLength: 16 }) });
    fc.assert(
      fc.property(note, (one) => {
        const back = parseNote(formatNote(one));
        expect(back.text).toBe(one.text);
        expect(back.signatures.map((s) => [s.name, encodeHex(s.keyId), encodeHex(s.signature)])).toEqual(
          one.signatures.map((s) => [s.name, encodeHex(s.keyId), encodeHex(s.signature)]),
        );
      }),
    );
  });

  test('what cannot be read back is not written', () => {
    const { signer } = party('a.example', 1);
    expect(code(() => signNote('no newline', [signer]))).toBe('note-malformed');
    expect(code(() => signNote('tab\t\n', [signer]))).toBe('note-malformed');
    expect(code(() => signNote('a\n', []))).toBe('note-malformed');
    expect(code(() => signNote('a\n', [{ ...signer, name: 'a b' }]))).toBe('note-malformed');
    expect(code(() => signNote('a\n', [{ ...signer, keyId: new Uint8Array(3) }]))).toBe('note-malformed');
    expect(code(() => signNote('a\n', [{ ...signer, sign: () => new Uint8Array(0) }]))).toBe(
      'note-malformed',
    );
    expect(code(() => signNote('\ud800\n', [signer]))).toBe('utf8-malformed');
  });

  test('a witness adds its line and changes no other byte', () => {
    const [log, witness] = [party('log.example', 1), party('w.example', 2)];
    const note = signNote('a\n', [log.signer]);
    const cosigned = addSignature(note, witness.signer);
    expect(cosigned.startsWith(note)).toBe(true);
    expect(verifyNote(cosigned, [log.verifier, witness.verifier]).signatures).toHaveLength(2);
  });
});

describe('verifier keys', () => {
  test('every substring and every changed character of a key is refused', () => {
    for (let from = 0; from < PUBLISHED_KEY.length; from++) {
      for (let to = from; to <= PUBLISHED_KEY.length; to++) {
        if (from === 0 && to === PUBLISHED_KEY.length) continue;
        expect(code(() => parseVerifierKey(hash, PUBLISHED_KEY.slice(from, to)))).toBe('key-malformed');
      }
      const next = String.fromCharCode(PUBLISHED_KEY.charCodeAt(from) + 1);
      const changed = PUBLISHED_KEY.slice(0, from) + next + PUBLISHED_KEY.slice(from + 1);
      expect(code(() => parseVerifierKey(hash, changed))).toBe('key-malformed');
    }
  });

  test('every key of a type spoken reads back, and keys of two types differ in id', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (publicKey) => {
        const [plain, witness] = (['ed25519', 'cosignature-v1'] as const).map((type) =>
          verifierKey(hash, 'w.example/1', type, publicKey),
        );
        expect(parseVerifierKey(hash, formatVerifierKey(plain!))).toEqual(plain);
        expect(parseVerifierKey(hash, formatVerifierKey(witness!))).toEqual(witness);
        expect(encodeHex(plain!.keyId)).not.toBe(encodeHex(witness!.keyId));
      }),
    );
  });

  test('names, lengths and types that cannot be are refused', () => {
    const publicKey = new Uint8Array(32);
    for (const name of ['', 'a b', 'a+b', 'a\n', 'a\u2028']) {
      expect(code(() => verifierKey(hash, name, 'ed25519', publicKey))).toBe('key-malformed');
    }
    expect(code(() => verifierKey(hash, 'a', 'ed25519', new Uint8Array(31)))).toBe('key-malformed');
    const ecdsa = Buffer.concat([Buffer.of(2), publicKey]).toString('base64');
    expect(code(() => parseVerifierKey(hash, `a+00000000+${ecdsa}`))).toBe('key-malformed');
    expect(code(() => parseVerifierKey(hash, PUBLISHED_KEY.replace('c74f20a3', 'C74F20A3')))).toBe(
      'key-malformed',
    );
  });
});

describe('cosignatures', () => {
  const pair = keyPair('w.example', new Uint8Array(32).fill(7), 'cosignature-v1');
  const message = Buffer.from('origin\n1\nroot\n');

  test('the time is part of what is signed', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (time) => {
        const signature = cosigner(pair.key, time, pair.sign).sign(message);
        expect(cosignatureTime(signature)).toBe(time);
        const verifier = cosignatureVerifier(pair.key, verifyEd25519);
        expect(verifier.verify(message, signature)).toBe(true);
        const later = signature.with(7, signature[7]! ^ 1);
        expect(verifier.verify(message, later)).toBe(false);
      }),
      { numRuns: 25 },
    );
  });

  test('the signed message is the two lines of the specification and the checkpoint', () => {
    let signed = '';
    const spy = cosigner(pair.key, 1679315147, (bytes) => {
      signed = Buffer.from(bytes).toString();
      return new Uint8Array(64);
    });
    spy.sign(message);
    expect(signed).toBe('cosignature/v1\ntime 1679315147\norigin\n1\nroot\n');
  });

  test('times that are none are neither signed nor read', () => {
    for (const time of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(code(() => cosigner(pair.key, time, pair.sign).sign(message))).toBe('note-malformed');
    }
    expect(cosignatureTime(new Uint8Array(72).fill(255))).toBeNull();
    expect(cosignatureTime(new Uint8Array(71))).toBeNull();
    expect(cosignatureTime(new Uint8Array(73))).toBeNull();
  });
});

describe('checkpoints', () => {
  const log = party('log.example/1', 1);
  const root = new Uint8Array(32).fill(5);
  const rootText = Buffer.from(root).toString('base64');

  test('every checkpoint reads back', () => {
    const head = fc.record({
      origin: fc.stringMatching(/^[a-z0-9./-]{1,30}$/),
      size: fc.maxSafeNat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    });
    fc.assert(
      fc.property(head, (one) => {
        const back = parseCheckpoint(formatCheckpoint(one));
        expect({ ...back, root: encodeHex(back.root) }).toEqual({
          ...one,
          root: encodeHex(one.root),
          extensions: [],
        });
      }),
    );
  });

  test.each([
    ['', 'nothing'],
    ['\n', 'an empty line'],
    ['o\n1\n', 'two lines'],
    [`o\n1\n${rootText}`, 'no final newline'],
    [`\n1\n${rootText}\n`, 'no origin'],
    [`o\n01\n${rootText}\n`, 'a leading zero'],
    [`o\n+1\n${rootText}\n`, 'a sign'],
    [`o\n-1\n${rootText}\n`, 'a negative size'],
    [`o\n1e3\n${rootText}\n`, 'an exponent'],
    [`o\n1.0\n${rootText}\n`, 'a fraction'],
    [`o\n 1\n${rootText}\n`, 'a space'],
    [`o\n\n${rootText}\n`, 'no size'],
    [`o\n9007199254740992\n${rootText}\n`, '2^53'],
    [`o\n99999999999999999999\n${rootText}\n`, 'more digits than there are'],
    [`o\n1\n${rootText.slice(0, -1)}\n`, 'missing padding'],
    [`o\n1\n${rootText.slice(4)}\n`, 'a root of 29 bytes'],
    [`o\n1\n${rootText}\n\n`, 'an empty extension line'],
    [`o\n1\n${rootText}\nextension\n`, 'an extension line is read', 'accepted'],
    [`o\n0\n${rootText}\n`, 'size 0', 'accepted'],
    [`o\n9007199254740991\n${rootText}\n`, '2^53 - 1', 'accepted'],
  ])('%j (%s)', (text, _why, expected = 'checkpoint-malformed') => {
    expect(code(() => parseCheckpoint(text))).toBe(expected);
  });

  test('a checkpoint of one log does not pass for one of another, though the key is known', () => {
    const note = signNote(formatCheckpoint({ origin: 'log.example/1', size: 7, root }), [log.signer]);
    expect(openCheckpoint(note, 'log.example/1', [log.verifier]).size).toBe(7);
    expect(code(() => openCheckpoint(note, 'log.example/2', [log.verifier]))).toBe('origin-mismatch');
    expect(code(() => openCheckpoint(note, 'log.example/1', [party('x', 2).verifier]))).toBe(
      'note-untrusted',
    );
  });

  test('heads that nobody could read back are not written', () => {
    const head = { origin: 'log.example', size: 1, root };
    for (const origin of ['', 'a b', 'a\nb', 'a+b']) {
      expect(code(() => formatCheckpoint({ ...head, origin }))).toBe('checkpoint-malformed');
    }
    for (const size of [-1, 1.5, 2 ** 53]) {
      expect(code(() => formatCheckpoint({ ...head, size }))).toBe('size-invalid');
    }
    expect(code(() => formatCheckpoint({ ...head, root: new Uint8Array(31) }))).toBe('hash-invalid');
  });
});
