import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Checkpoint,
  decodeLeaf,
  ed25519Verifier,
  encodeHex,
  hashLeaf,
  openCheckpoint,
  parseEntryBundle,
  parsePolicy,
  parseReceipt,
  parseVerifierKey,
  proveInclusion,
  readNodeFromTiles,
  tbsDigest,
  verifyInclusion,
  verifyReceipt,
} from '@writ/ledger';
import { sha256 } from '@writ/server/commands';
import { createDpopKey, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asClient, deployRights, encoded, proofBy, send } from './requests.ts';

let world: World;
/** Enough issuances for one full tile and a partial one. */
const ISSUED = 280;
const last: { token: string; receipt: string } = { token: '', receipt: '' };

beforeAll(async () => {
  world = await startWorld({ files: deployRights() });
  const nonce = await world.nonce();
  const worker = async (): Promise<void> => {
    const key = createDpopKey();
    for (let i = 0; i < ISSUED / 8; i++) {
      const { body } = await send(world.url, {
        path: '/token',
        body: world.form().toString(),
        headers: { dpop: proofBy(world, key, nonce) },
      });
      last.token = String(body['access_token']);
      last.receipt = String(body['writ_receipt']);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
});
afterAll(async () => world[Symbol.asyncDispose]());

function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
  return verifySignature(
    null,
    message,
    createPublicKey({ key: der, format: 'der', type: 'spki' }),
    signature,
  );
}

const get = async (path: string) => {
  const response = await fetch(world.url + path);
  return {
    status: response.status,
    headers: response.headers,
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
};
const policyText = (): string => readFileSync(join(world.data, 'trust.policy'), 'utf8');

async function checkpoint(): Promise<Checkpoint> {
  const text = Buffer.from((await get('/checkpoint')).bytes).toString();
  const key = parseVerifierKey(sha256, /^log (\S+)/m.exec(policyText())?.[1] ?? '');
  return openCheckpoint(text, 'acme.example/writ', [ed25519Verifier(key, verifyEd25519)]);
}

/** Every entry and every hash tile, as a monitor would fetch them. */
async function wholeLog(size: number): Promise<{ leaves: Uint8Array[]; tiles: Map<string, Uint8Array> }> {
  const leaves: Uint8Array[] = [];
  const tiles = new Map<string, Uint8Array>();
  const path = (index: number, width: number): string =>
    `${String(index).padStart(3, '0')}${width < 256 ? `.p/${width}` : ''}`;
  for (let index = 0; index * 256 < size; index++) {
    const width = Math.min(256, size - index * 256);
    leaves.push(...parseEntryBundle((await get(`/tile/entries/${path(index, width)}`)).bytes));
    tiles.set(`0/${index}`, (await get(`/tile/0/${path(index, width)}`)).bytes);
  }
  const above = Math.floor(size / 256);
  tiles.set('1/0', (await get(`/tile/1/${path(0, above)}`)).bytes);
  return { leaves, tiles };
}

test('L3 what the log serves is the log it signs: every entry is in the tiles, and the tiles in the checkpoint', async () => {
  const { size, root } = await checkpoint();
  expect(size).toBeGreaterThan(ISSUED);
  const { leaves, tiles } = await wholeLog(size);
  expect(leaves.length).toBe(size);
  const read = readNodeFromTiles(sha256, (level, index) => tiles.get(`${level}/${index}`));
  for (const [index, leaf] of leaves.entries()) {
    decodeLeaf(leaf);
    const proof = proveInclusion(sha256, read, index, size);
    verifyInclusion(sha256, { index, size, leafHash: hashLeaf(sha256, leaf), proof, root });
  }
});

test('L3 a partial tile is the beginning of the full one, and no wider than the log', async () => {
  const { size } = await checkpoint();
  const { bytes: full } = await get('/tile/0/000');
  expect(full.length).toBe(256 * 32);
  for (const width of [1, 2, 100, 255]) {
    const { status, headers, bytes } = await get(`/tile/0/000.p/${width}`);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toContain('immutable');
    expect(Buffer.from(bytes).equals(Buffer.from(full.subarray(0, width * 32)))).toBe(true);
  }
  const rest = size - 256;
  expect((await get(`/tile/0/001.p/${rest}`)).status).toBe(200);
  for (const path of [
    `/tile/0/001.p/${rest + 1}`,
    '/tile/0/001',
    `/tile/entries/001.p/${rest + 1}`,
    '/tile/entries/001',
    '/tile/1/000',
    '/tile/1/000.p/2',
    '/tile/0/002.p/1',
  ]) {
    const { status, headers } = await get(path);
    expect({ path, status }).toEqual({ path, status: 404 });
    expect(headers.get('cache-control')).toBe('no-store');
  }
});

test.each([
  '0/0',
  '0/00',
  '0/0000',
  '0/000.p/0',
  '0/000.p/01',
  '0/000.p/256',
  '0/000.p/257',
  '0/000.p/-1',
  '0/000.p/',
  '0/000.p/1/',
  '0/x000/000',
  '00/000',
  '-1/000',
  '64/000',
  '63/000',
  '1e1/000',
  '0/000/',
  '0//000',
  '0/000.P/1',
  'Entries/000',
  'entries/x999/x999/x999/x999/x999/999',
  '0/x999/x999/x999/x999/x999/x999/x999/x999/999',
  '0/%30%30%30',
  '0/000%2ep/1',
  '0/..%2f000',
  '..%2f..%2fmaster.key',
  '%2e%2e/master.key',
  '0/000%00',
  '0/\u0660\u0660\u0660',
  '__proto__/000',
  'data/000',
])('L4 /tile/%s is no tile', async (path) => {
  const { status, headers } = await get(`/tile/${path}`);
  // Two of them are other spellings of a tile that a URL parser makes one of before anybody sees them.
  const same = /%30|%2ep/.test(path);
  expect(status).toBe(same ? 200 : 404);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

function signingInput(): Buffer {
  return Buffer.from(last.token.slice(0, last.token.lastIndexOf('.')));
}
const tokenId = (): string => {
  const claims: Readonly<Record<string, unknown>> = JSON.parse(
    Buffer.from(last.token.split('.')[1] ?? '', 'base64url').toString(),
  );
  return String(claims['jti']);
};
const receiptPath = (): string => `/receipts/${tokenId()}`;
const check = (receipt: string, bytes: Uint8Array = signingInput()) =>
  verifyReceipt({
    hash: sha256,
    verify: verifyEd25519,
    policy: parsePolicy(sha256, policyText()),
    receipt,
    tbs: { kind: 'jwt', bytes },
  });

test('L1 the receipt that came with the credential proves it offline, and proves no other', () => {
  expect(check(last.receipt)).toMatchObject({ origin: 'acme.example/writ', leaf: { type: 'issue' } });
  expect(() => check(last.receipt, Buffer.from(`${signingInput().toString()}x`))).toThrow(/receipt/);
});

test('L1 the receipt fetched later proves the same entry under a later checkpoint, also when the credential is dead', async () => {
  const before = check(last.receipt);
  const { status, headers, bytes } = await get(receiptPath());
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  const later = Buffer.from(bytes).toString();
  const after = check(later);
  expect(after.index).toBe(before.index);
  expect(after.size).toBeGreaterThanOrEqual(before.size);
  expect(parseReceipt(later).salt).toEqual(parseReceipt(last.receipt).salt);
  await send(world.url, {
    path: '/revoke',
    body: encoded(asClient(world.clientAssertion(), { token: last.token })),
  });
  const dead = check(Buffer.from((await get(receiptPath())).bytes).toString());
  expect(dead.index).toBe(before.index);
  expect(dead.leaf.type).toBe('issue');
});

test('F8 no other name of a receipt is one', async () => {
  const path = receiptPath();
  for (const other of [
    path.toUpperCase().replace('RECEIPTS', 'receipts'),
    `${path}0`,
    path.slice(0, -1),
    `${path}/`,
    `${path.slice(0, -2)}00`,
    '/receipts/',
    '/receipts/x',
    `/receipts/${'0'.repeat(64)}`,
    // What stands in the public log opens nothing.
    `/receipts/${encodeHex(tbsDigest(sha256, 'jwt', signingInput()))}`,
    `/receipts/${last.token}`,
    '/receipts/0',
    '/receipts/__proto__',
    `${path}%00`,
    `${path}%0a`,
  ]) {
    const { status } = await send(world.url, { method: 'GET', path: other });
    expect([404, 414]).toContain(status);
  }
});

test('L6 control characters reach no event and no explanation as they are', async () => {
  const evil = '\u001b[31mgone\r\nissued run=x\u0000\u202e';
  const key = createDpopKey();
  const refs: string[] = [];
  for (const changes of [
    { client_id: `svc${evil}` },
    { scope: `deploy:read${evil}` },
    { resource: `https://deploy.acme.example/${evil}` },
    { writ_run: evil },
    {
      authorization_details: JSON.stringify([
        { type: 'writ_issuance', fields: { [evil]: 'x', target: 'production' } },
      ]),
    },
    { authorization_details: JSON.stringify([{ type: 'writ_issuance', fields: { target: evil } }]) },
    { authorization_details: JSON.stringify([{ type: 'writ_issuance', flow: evil, fields: {} }]) },
    { subject_token: world.github.sign({ iss: evil }) },
  ]) {
    const { status, body } = await world.exchange(key, changes);
    expect(status).toBe(400);
    expect(String(body['error_description'])).toMatch(/^[\x20-\x7e]+$/);
    if (typeof body['writ_ref'] === 'string') refs.push(body['writ_ref']);
  }
  const details = world.events.flatMap(({ details: each }) => Object.values(each)).join('');
  expect(details).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(refs.length).toBeGreaterThan(2);
});
