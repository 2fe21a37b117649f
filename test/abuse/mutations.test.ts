import { createDpopKey, startWorld, type World } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeText, createDice, type Dice, type Draft, type Mutated, mutate } from './mutate.ts';
import {
  asClient,
  deployRights,
  issuedCount,
  issuedToken,
  proofBy,
  type Received,
  send,
} from './requests.ts';

let world: World;
let nonce: string;
const key = createDpopKey();
const LANES = 8;

beforeAll(async () => {
  world = await startWorld({ files: deployRights() });
  nonce = await world.nonce();
});
afterAll(async () => world[Symbol.asyncDispose]());

const JWS = ['subject_token', 'token', 'client_assertion'];
const JSON_TEXTS = ['authorization_details'];

interface Outcome extends Received {
  readonly mutated: Mutated;
}

/** Sends `count` mutations of fresh good requests, a few at once. */
async function storm(seed: number, count: number, draft: () => Draft): Promise<readonly Outcome[]> {
  const dice = createDice(seed);
  const outcomes: Outcome[] = [];
  const mutations = Array.from({ length: count }, (_, i) => i);
  const lane = async (): Promise<void> => {
    while (mutations.pop() !== undefined) {
      const mutated = mutate(dice, draft(), JWS, JSON_TEXTS);
      outcomes.push({ ...(await send(world.url, mutated)), mutated });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return outcomes;
}

function how({ mutated, status, text }: Outcome): string {
  return `${mutated.path} ${mutated.how} -> ${status} ${text.slice(0, 120)}`;
}

/** What holds whatever was sent: no crash, nothing unforeseen reported, no prototype polluted, good requests still served. */
async function expectHealthy(outcomes: readonly Outcome[]): Promise<void> {
  expect(outcomes.filter(({ status }) => status >= 500).map(how)).toEqual([]);
  expect(world.events.filter(({ event }) => event === 'failed')).toEqual([]);
  expect(Reflect.ownKeys(Object.prototype).length).toBe(OWN);
  expect(Reflect.get({}, 'x')).toBeUndefined();
  expect((await send(world.url, { method: 'GET', path: '/readyz' })).status).toBe(200);
  expect((await world.exchange(key)).status).toBe(200);
}
const OWN = Reflect.ownKeys(Object.prototype).length;

test('L8 4,000 mutations of an exchange issue only what asks for the same as before', async () => {
  const before = issuedCount(world);
  const outcomes = await storm(0x57_52_49_54, 4_000, () => ({
    path: '/token',
    form: new Map(world.form()),
    headers: { dpop: proofBy(world, key, nonce) },
  }));
  const issued = outcomes.filter(({ status }) => status === 200);
  expect(issued.filter((outcome) => !isEquivalent(outcome)).map(how)).toEqual([]);
  const refused = outcomes.filter(({ status, mutated }) => status !== 200 && mutated.harmless);
  expect(refused.map(how)).toEqual([]);
  expect(issuedCount(world) - before).toBe(issued.length);
  expect(issued.length).toBeGreaterThan(500);
  await expectHealthy(outcomes);
});

/**
 * Whether what was issued was asked for: the mutation was harmless, or the body as it arrived still says a request that
 * differs from the good one in nothing but an ignored parameter, a repeated resource, or a narrower or equal detail.
 */
function isEquivalent({ mutated, body }: Outcome): boolean {
  if (mutated.harmless) return true;
  const form = new URLSearchParams(Buffer.from(mutated.body).toString());
  const good = world.form();
  const once = (name: string): boolean => new Set(form.getAll(name).filter((each) => each !== '')).size === 1;
  const same = ['grant_type', 'client_id', 'resource', 'scope'].every(
    (name) => once(name) && form.getAll(name).includes(good.get(name) ?? ''),
  );
  const type = form.get('subject_token_type') ?? '';
  const target = /"fields":\{[^}]*"target":"(?:production|staging)"/.test(
    form.get('authorization_details') ?? '',
  );
  return same && target && /token-type:(?:jwt|id_token)$/.test(type) && body['scope'] === 'deploy:read';
}

test('I8 2,500 mutations of an introspection find no token alive but the one that lives', async () => {
  const token = await issuedToken(world, key);
  const outcomes = await storm(2, 2_500, () => ({
    path: '/introspect',
    form: new Map(
      Object.entries(asClient(world.clientAssertion(), { token, token_type_hint: 'access_token' })),
    ),
    headers: {},
  }));
  const active = outcomes.filter(({ body }) => body['active'] === true);
  const asked = ({ mutated }: Outcome): string | null =>
    new URLSearchParams(Buffer.from(mutated.body).toString()).get('token');
  expect(active.filter((outcome) => asked(outcome) !== token).map(how)).toEqual([]);
  expect(
    outcomes.filter(({ mutated, body }) => mutated.harmless && body['active'] !== true).map(how),
  ).toEqual([]);
  expect(active.length).toBeGreaterThan(300);
  await expectHealthy(outcomes);
});

test('I8 2,000 mutations of a revocation revoke no other token', async () => {
  const bystander = await issuedToken(world, key);
  const tokens: string[] = [];
  for (let i = 0; i < 20; i++) tokens.push(await issuedToken(world, key));
  const dice = createDice(3);
  const outcomes = await storm(4, 2_000, () => ({
    path: '/revoke',
    form: new Map(Object.entries(asClient(world.clientAssertion(), { token: dice.pick(tokens) }))),
    headers: {},
  }));
  const named = new Set(
    outcomes.flatMap(({ mutated, status }) =>
      status === 200 ? new URLSearchParams(Buffer.from(mutated.body).toString()).getAll('token') : [],
    ),
  );
  for (const token of [bystander, ...tokens]) {
    const { body } = await world.introspect(token);
    expect(body['active']).toBe(!named.has(token));
  }
  expect(world.events.filter(({ event }) => event === 'revoked').length).toBe(tokens.length);
  await expectHealthy(outcomes);
});

test('F7 1,500 mutations of paths find no receipt, tile or document that is not there', async () => {
  const token = await issuedToken(world, key);
  const claims: Readonly<Record<string, unknown>> = JSON.parse(
    Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
  );
  const paths = [
    `/receipts/${String(claims['jti'])}`,
    '/tile/0/000.p/3',
    '/tile/entries/000.p/3',
    '/checkpoint',
    '/jwks',
    '/.well-known/openid-configuration',
  ];
  const dice = createDice(5);
  const outcomes: Outcome[] = [];
  const left = Array.from({ length: 1_500 }, (_, i) => i);
  const lane = async (): Promise<void> => {
    while (left.pop() !== undefined) {
      const path = mutatedPath(dice, dice.pick(paths));
      const mutated = { path, headers: {}, body: Buffer.alloc(0), how: 'path', harmless: false };
      outcomes.push({ ...(await send(world.url, { method: 'GET', path })), mutated });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const KNOWN =
    /^\/(?:receipts\/[A-Za-z0-9_-]{36}|tile\/(?:0|entries)\/000(?:\.p\/\d{1,3})?|checkpoint|jwks|livez|\.well-known\/openid-configuration)?$/;
  const found = outcomes.filter(({ status }) => status === 200);
  expect(found.filter(({ mutated }) => !KNOWN.test(decoded(mutated.path))).map(how)).toEqual([]);
  expect(
    found
      .filter(({ mutated }) => mutated.path.startsWith('/receipts/') && decoded(mutated.path) !== paths[0])
      .map(how),
  ).toEqual([]);
  await expectHealthy(outcomes);
});

/** A path that a request line can carry. */
function mutatedPath(dice: Dice, path: string): string {
  const changed =
    dice.roll(3) === 0
      ? path.replace(/.$/, dice.pick(['%2f', '%00', '/..', '?x=1', '#x', ';x', '%', '//', '.p/1']))
      : changeText(dice, path);
  const plain = changed.replaceAll(/[^\x21-\x7e]/gu, (each) => encodeURIComponent(each.toWellFormed()));
  return plain.startsWith('/') ? plain : `/${plain}`;
}

function decoded(path: string): string {
  return decodeURIComponent(path.replace(/[?#;].*$/, ''));
}
