import { Buffer } from 'node:buffer';
import type { KeyObject } from 'node:crypto';

/** A secret that was found where it must not be. Never carries the secret. */
export interface Leak {
  readonly secret: string;
  readonly where: string;
}

/** Knows every token and key of a run, and finds them in whatever it is given to look at. */
export interface Canary {
  readonly secrets: number;
  /** how many places were looked at, and their bytes */
  readonly seen: { readonly places: number; readonly bytes: number };
  /** Remembers a token (a compact JWS) or another opaque text. */
  learn(what: string, secret: string): void;
  /** Remembers a private key in each form it could be written in. */
  learnKey(what: string, key: KeyObject): void;
  /** Keeps what came out somewhere, to be looked through at the end: a secret may be learnt after it leaked. */
  hear(where: string, output: string | Buffer): void;
  /** What of the secrets known so far is in a text. */
  find(where: string, output: string | Buffer): readonly Leak[];
  /** Looks through everything heard. */
  leaks(): readonly Leak[];
}

/** Shorter parts of a secret would be found by chance. */
const SHORTEST = 20;

export function createCanary(): Canary {
  /** forms to look for, each with the name of its secret */
  const forms = new Map<string, string>();
  const known = new Set<string>();
  const heard: { where: string; output: Buffer }[] = [];

  const add = (what: string, form: Buffer): void => {
    if (form.length >= SHORTEST) forms.set(form.toString('latin1'), what);
  };
  const learn = (what: string, secret: string): void => {
    if (known.has(secret)) return;
    known.add(secret);
    const [, payload = '', signature = ''] = secret.split('.');
    for (const text of [secret, payload, signature]) {
      for (const form of [text, encoded(text, 'base64'), encoded(text, 'base64url'), encoded(text, 'hex')]) {
        add(what, Buffer.from(form));
      }
    }
  };
  const find = (where: string, output: string | Buffer): readonly Leak[] => {
    const text = Buffer.from(output).toString('latin1');
    const found = [...forms].filter(([form]) => text.includes(form)).map(([, secret]) => secret);
    return [...new Set(found)].map((secret) => ({ secret, where }));
  };
  return {
    get secrets() {
      return known.size;
    },
    get seen() {
      return { places: heard.length, bytes: heard.reduce((sum, { output }) => sum + output.length, 0) };
    },
    learn,
    learnKey: (what, key) => {
      const { d = '' } = key.export({ format: 'jwk' });
      const secret = Buffer.from(d, 'base64url');
      known.add(d);
      for (const encoding of ['base64url', 'base64', 'hex'] as const)
        add(what, Buffer.from(secret.toString(encoding)));
      add(what, secret);
      const pem = key.export({ format: 'pem', type: 'pkcs8' });
      for (const line of String(pem).split('\n').slice(1, -2)) add(what, Buffer.from(line));
    },
    hear: (where, output) => {
      heard.push({ where, output: Buffer.from(output) });
    },
    find,
    leaks: () => heard.flatMap(({ where, output }) => find(where, output)),
  };
}

function encoded(text: string, encoding: 'base64' | 'base64url' | 'hex'): string {
  return Buffer.from(text).toString(encoding).replace(/=+$/, '');
}
