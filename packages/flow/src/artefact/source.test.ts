import { Datetime, Decimal, Duration } from '@writ/core';
import { describe, expect, test } from 'vitest';
import { acmeWith, saidAfter, sha256 } from './acme.test.ts';
import { loadSet } from './load-set.ts';

describe('sources', () => {
  const value = (type: string, of: string): readonly string[] =>
    saidAfter('sources.yaml', 'type: { one-of: [open, closed] }, value: open', `type: ${type}, value: ${of}`);
  test.each([
    ['string', 'x'],
    ['long', '5'],
    ['bool', 'true'],
    ['set', '[b, a]'],
    ['duration', '1h'],
    ['datetime', '2027-06-30T00:00:00Z'],
    ['decimal', '"1.5"'],
    ['{ a: long, b: { c: string } }', '{ a: 1, b: { c: x } }'],
  ])('a value of its type is one: %s', (type, of) => expect(value(type, of)).toEqual([]));

  test.each([
    ['string', '5'],
    ['long', '"5"'],
    ['bool', '"true"'],
    ['set', 'a'],
    ['set', '[1]'],
    ['duration', '1 hour'],
    ['duration', '60'],
    ['datetime', '2027-06-30'],
    ['decimal', '"1"'],
    ['{ one-of: [open, closed] }', 'ajar'],
    ['{ a: long }', '{ a: 1, b: 2 }'],
    ['{ a: long, b: long }', '{ a: 1 }'],
    ['{ a: long }', '[a]'],
    ['string', 'null'],
    ['{ a: long }', '{ a: x }'],
  ])('S3.14 a value of another type is none: %s, %s', (type, of) => {
    expect(value(type, of)).toContainEqual(expect.stringMatching(/is not of the declared type$/));
  });

  test('values are what conditions compare', () => {
    const of = (type: string, text: string) =>
      loadSet(
        acmeWith(
          'sources.yaml',
          'type: { one-of: [open, closed] }, value: open',
          `type: ${type}, value: ${text}`,
        ),
        sha256,
      ).set?.sources.get('calendar/release');
    expect(of('set', '[b, a, b]')).toMatchObject({ value: ['a', 'b'] });
    expect(of('set', '[b, a]')).toMatchObject({ value: ['a', 'b'] });
    expect([of('duration', '1h'), of('decimal', '"1.5"'), of('datetime', '1970-01-01T00:00:01Z')]).toEqual([
      expect.objectContaining({ value: new Duration(3_600_000) }),
      expect.objectContaining({ value: new Decimal(15_000n) }),
      expect.objectContaining({ value: new Datetime(1_000) }),
    ]);
  });
});

describe('http sources', () => {
  const PIN = `${'A'.repeat(43)}=`;
  const KEY = '{ kty: OKP, crv: Ed25519, x: abc, kid: k1 }';
  const RISK =
    '{ name: risk/agents, kind: static, type: { score: long }, value: { score: 10 }, note: sample value }';
  const BASE = 'name: risk/agents, kind: http, type: { score: long }, max-age: 60s';
  const said = (members: string): readonly string[] =>
    saidAfter('sources.yaml', RISK, `{ ${BASE}, ${members} }`);
  const loaded = (members: string) =>
    loadSet(acmeWith('sources.yaml', RISK, `{ ${BASE}, ${members} }`), sha256).set?.sources.get(
      'risk/agents',
    );
  const URL_BY_NAME = 'url: "https://risk.acme.example/agents/{identity.name}"';

  test('a signed one, with what it is unless it says otherwise', () => {
    expect(loaded(`${URL_BY_NAME}, keys: [${KEY}]`)).toEqual({
      name: 'risk/agents',
      kind: 'http',
      type: { type: 'record', members: { score: { type: 'long' } } },
      url: 'https://risk.acme.example/agents/{identity.name}',
      maxAge: 60,
      keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'abc', kid: 'k1' }],
      pin: null,
      privateAddresses: false,
      timeout: 2,
    });
  });

  test('a pinned one inside, and one that is signed over http on loopback', () => {
    expect(loaded(`${URL_BY_NAME}, pin: "${PIN}", private-addresses: allowed, timeout: 5s`)).toMatchObject({
      keys: null,
      pin: PIN,
      privateAddresses: true,
      timeout: 5,
    });
    expect(said(`url: http://127.0.0.1/risk, keys: [${KEY}], private-addresses: allowed`)).toEqual([]);
    expect(said(`${URL_BY_NAME}, keys: [${KEY}], pin: "${PIN}"`)).toEqual([]);
  });

  test('its hash is another than that of a source that is asked elsewhere', () => {
    const hash = (url: string) =>
      loadSet(acmeWith('sources.yaml', RISK, `{ ${BASE}, url: ${url}, pin: "${PIN}" }`), sha256).set?.hash;
    expect(hash('https://a.example/')).not.toBe(hash('https://b.example/'));
  });

  test.each([
    [URL_BY_NAME, 'an http source must be signed or pinned: give `keys`, or https and `pin`'],
    [`${URL_BY_NAME}, keys: []`, '`keys` is empty: no answer could be signed by one of them'],
    [`${URL_BY_NAME}, keys: [], pin: "${PIN}"`, '`keys` is empty: no answer could be signed by one of them'],
    [`${URL_BY_NAME}, keys: [${KEY}, ${KEY}]`, 'two keys have the same `kid`'],
    [
      `${URL_BY_NAME}, keys: [{ kty: OKP, crv: Ed25519, x: abc, d: abc, kid: k1 }]`,
      'a public key has no member `d`; put only the public key here',
    ],
    [`${URL_BY_NAME}, keys: [{ kty: OKP, crv: Ed25519, x: abc }]`, '`kid` is missing'],
    [
      `url: http://127.0.0.1/risk, pin: "${PIN}", private-addresses: allowed`,
      '`pin` is the key of a TLS server: it needs an https url',
    ],
    [
      `url: http://127.0.0.1/risk, keys: [${KEY}]`,
      'http reaches loopback alone: use https, or say `private-addresses: allowed`',
    ],
    [`${URL_BY_NAME}, pin: "${PIN}", timeout: 31s`, '`timeout` is over 30s'],
    [`pin: "${PIN}"`, '`url` is missing'],
    [`${URL_BY_NAME}, pin: "${PIN}", value: { score: 1 }`, expect.stringMatching(/^unknown key `value`/)],
  ])('S3.8 near-miss: %s', (members, message) => expect(said(members)).toContainEqual(message));

  test.each(['A'.repeat(43), `${'A'.repeat(42)}B=`, `${'A'.repeat(44)}=`, 'sha256/x', `${'-'.repeat(43)}=`])(
    'a pin is the base64 of 32 bytes: %j is none',
    (pin) => {
      expect(said(`${URL_BY_NAME}, pin: "${pin}"`)).toContainEqual(
        expect.stringMatching(/^expected the SHA-256 of the server’s public key/),
      );
    },
  );

  test('F7 a url that is no template', () => {
    expect(said(`url: "https://{identity.name}.acme.example/", pin: "${PIN}"`)).toContainEqual(
      expect.stringMatching(/no placeholder before the path/),
    );
  });

  test('another kind is none', () => {
    expect(
      saidAfter('sources.yaml', 'kind: static, type: { score: long }', 'kind: ftp, type: long'),
    ).toContainEqual('expected one of static, http, found `ftp`');
  });

  const asking = (path: string): readonly string[] =>
    said(`url: "https://risk.acme.example/x?by={${path}}", pin: "${PIN}"`);
  test.each(['identity.name', 'identity.uri', 'identity.owner', 'request.task', 'evidence.person.subject'])(
    'the flow that asks has what the url asks by: %s',
    (path) => expect(asking(path)).toEqual([]),
  );
  test.each([
    'request.tsk',
    'request.data_sets',
    'request.audience',
    'request.constructor',
    'evidence.persn.subject',
    'evidence.person.subjct',
    'evidence.person.constructor',
    'evidence.agent.acr',
  ])('S3.14 the flow that asks lacks what the url asks by: %s', (path) => {
    expect(asking(path)).toEqual([
      `fact risk: fact source risk/agents asks by \`${path}\`, which is no text or number of this flow`,
    ]);
  });
});
