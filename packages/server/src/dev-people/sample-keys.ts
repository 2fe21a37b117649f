import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sealer } from '@writ/core';
import { type DataDirectory, writePrivate } from '../data-directory.ts';

/** The key of a sample person's software authenticator. */
export interface SampleKey {
  /** credential id, base64url */
  readonly id: string;
  readonly privateKey: KeyObject;
}

/** Keys of sample people, sealed in the data directory. */
export interface SampleKeys {
  find(person: string): SampleKey | null;
  /** Makes a new one, which takes the place of the one before. */
  make(person: string): SampleKey;
}

/** Bytes of a credential id. */
const ID = 32;

export function createSampleKeys(data: DataDirectory, sealer: Sealer): SampleKeys {
  const path = join(data.path, 'sample-people.json');
  const read = (): Readonly<Record<string, string>> =>
    existsSync(path) ? readTexts(readFileSync(path, 'utf8')) : {};
  return {
    find: (person) => {
      const sealed = read()[person];
      return sealed === undefined ? null : openKey(sealer.open(sealed, contextOf(person)));
    },
    make: (person) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const id = randomBytes(ID);
      const der = privateKey.export({ format: 'der', type: 'pkcs8' });
      const sealed = sealer.seal(Buffer.concat([id, der]), contextOf(person));
      writePrivate(path, `${JSON.stringify({ ...read(), [person]: sealed }, null, 2)}\n`);
      return { id: id.toString('base64url'), privateKey };
    },
  };
}

function contextOf(person: string): string {
  return `sample-person ${person}`;
}

function openKey(bytes: Uint8Array): SampleKey {
  const plain = Buffer.from(bytes);
  const key = plain.subarray(ID);
  return {
    id: plain.subarray(0, ID).toString('base64url'),
    privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  };
}

function readTexts(text: string): Readonly<Record<string, string>> {
  const read: unknown = JSON.parse(text);
  const members = typeof read === 'object' && read !== null ? Object.entries(read) : [];
  return Object.fromEntries(
    members.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
