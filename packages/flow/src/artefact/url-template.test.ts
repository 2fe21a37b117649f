import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillUrl, templatePaths, templateProblem } from './url-template.ts';

const HOST = 'https://facts.acme.example';

describe('templateProblem', () => {
  test.each([
    `${HOST}/`,
    `${HOST}/risk`,
    `${HOST}/risk/`,
    `${HOST}/agents/{identity.name}`,
    `${HOST}/agents/{identity.name}/risk/`,
    `${HOST}:8443/v1/owners/{identity.owner}?repository={evidence.github.repository}&as=writ`,
    `${HOST}/tickets/{request.ticket}?state=`,
    'http://127.0.0.1:8080/{identity.uri}',
    'https://[::1]/{identity.uri}',
  ])('a placeholder is a whole segment or a whole query value: %s', (template) => {
    expect(templateProblem(template)).toBeNull();
  });

  test.each([
    'https://{identity.name}/risk',
    'https://{identity.name}.acme.example/risk',
    'https://facts.acme.example:{request.port}/risk',
    '{request.scheme}://facts.acme.example/risk',
    'https://{request.user}@facts.acme.example/risk',
    'https://user@facts.acme.example/risk',
    HOST,
    `${HOST}?x={identity.name}`,
    `${HOST}/risk#{identity.name}`,
    `${HOST}/risk#x`,
    `${HOST}/agents-{identity.name}`,
    `${HOST}/{identity.name}.json`,
    `${HOST}/{identity.name}{identity.owner}`,
    `${HOST}/agents?{identity.name}=1`,
    `${HOST}/agents?id=x{identity.name}`,
    `${HOST}/agents?id`,
    `${HOST}/agents?id=1=2`,
    `${HOST}/agents?`,
    `${HOST}/agents?a=1&`,
    `${HOST}//agents`,
    `${HOST}/./agents`,
    `${HOST}/a/../agents`,
    `${HOST}/a/%2e%2e/agents`,
    `${HOST}/a b`,
    `${HOST}/a\\b`,
    `${HOST}/a\n`,
    `${HOST}/{identity.purpose}`,
    `${HOST}/{identity.attributes.task}`,
    `${HOST}/{identity}`,
    `${HOST}/{request}`,
    `${HOST}/{evidence.github}`,
    `${HOST}/{facts.risk}`,
    `${HOST}/{Identity.name}`,
    `${HOST}/{ identity.name }`,
    `${HOST}/{}`,
    `${HOST}/{identity.name`,
    `${HOST}/identity.name}`,
    'https://FACTS.acme.example/risk',
    'https://facts.acme.example:443/risk',
    'https://0x7f.1/risk',
    'https:/facts.acme.example/risk',
    'ftp://facts.acme.example/risk',
    'file:///etc/passwd',
    '/risk',
    '',
  ])('F7 anything else is none: %j', (template) =>
    expect(templateProblem(template)).toEqual(expect.any(String)),
  );
});

describe('fillUrl', () => {
  const filled = (value: string | undefined) => fillUrl(`${HOST}/a/{identity.name}/b`, () => value);

  test('fills each placeholder with its own value, encoded', () => {
    const template = `${HOST}/{identity.uri}/risk?owner={identity.owner}&repo={evidence.github.repository}`;
    const values: Readonly<Record<string, string>> = {
      'identity.uri': 'spiffe://acme.example/agent/crm',
      'identity.owner': 'group:ai',
      'evidence.github.repository': 'acme/pay & go?#',
    };
    expect(templatePaths(template)).toEqual(Object.keys(values));
    expect(fillUrl(template, (path) => values[path])).toBe(
      `${HOST}/spiffe%3A%2F%2Facme.example%2Fagent%2Fcrm/risk?owner=group%3Aai&repo=acme%2Fpay%20%26%20go%3F%23`,
    );
  });

  test('fills a path that stands there twice', () => {
    expect(fillUrl(`${HOST}/{request.a}?a={request.a}`, () => "it's")).toBe(`${HOST}/it%27s?a=it%27s`);
  });

  test.each(['...', 'a..b', '.hidden', 'a.b', 'x;y', '100%', '%25', '{identity.owner}', '$&', 'ä', '😀'])(
    'takes %j as a value',
    (value) => {
      expect(filled(value)).toBe(`${HOST}/a/${encodeURIComponent(value)}/b`);
    },
  );

  test.each([
    undefined,
    '',
    '.',
    '..',
    '../admin',
    'x/../../admin',
    'x/./y',
    'x\\..\\admin',
    '..;/admin',
    '..;v=1',
    '%2e%2e',
    '%2E',
    'x%2fadmin',
    'x%5cadmin',
    'a\nb',
    'a\0',
    '\u0085',
    '\ud800',
    'x'.repeat(1025),
  ])('F7 what is absent, empty or could be read as another path is absent: %j', (value) => {
    expect(filled(value)).toEqual({ absent: 'identity.name' });
  });

  test('one absent value is enough, and is named', () => {
    const template = `${HOST}/{identity.name}/{request.ticket}`;
    expect(fillUrl(template, (path) => (path === 'identity.name' ? 'x' : undefined))).toEqual({
      absent: 'request.ticket',
    });
  });

  const literal = fc.constantFrom('v1', 'agents', 'a.b', '~x', '@me');
  const path = fc.constantFrom('identity.name', 'identity.uri', 'request.ticket', 'evidence.ci.repository');
  const part = fc.oneof(
    literal,
    path.map((name) => `{${name}}`),
  );
  const templates = fc
    .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.array(part, { maxLength: 3 }))
    .map(([segments, values]) => {
      const query = values.map((value, i) => `p${i}=${value}`).join('&');
      return `${HOST}:8443/${segments.join('/')}${query === '' ? '' : `?${query}`}`;
    });
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc
      .array(
        fc.constantFrom('.', '..', '/', '\\', '%2e', '%2F', '%', '?', '#', '&', '=', ';', '@', ':', 'a', ' '),
        {
          maxLength: 8,
        },
      )
      .map((pieces) => pieces.join('')),
  );

  test('F7 no value escapes its segment: the server reads what was written, and nothing beside it moves', () => {
    fc.assert(
      fc.property(templates, fc.dictionary(path, nasty), (template, values) => {
        const result = fillUrl(template, (name) => values[name]);
        if (typeof result !== 'string') return;
        const sent = new URL(result);
        expect(sent.href).toBe(result);
        expect(sent.origin).toBe(`${HOST}:8443`);
        expect(sent.hash + sent.username + sent.password).toBe('');
        const expected = (text: string): string =>
          text.startsWith('{') ? (values[text.slice(1, -1)] ?? '') : text;
        const [front = '', query] = template.slice(`${HOST}:8443/`.length).split('?');
        expect(sent.pathname.slice(1).split('/').map(decodeURIComponent)).toEqual(
          front.split('/').map(expected),
        );
        expect([...sent.searchParams.values()]).toEqual(
          (query?.split('&') ?? []).map((pair) => expected(pair.slice(pair.indexOf('=') + 1))),
        );
        expect([...sent.searchParams.keys()]).toEqual((query?.split('&') ?? []).map((_, i) => `p${i}`));
      }),
      { numRuns: 2000 },
    );
  });

  test('F7 nothing filled is another path, also to a server that decodes it twice', () => {
    fc.assert(
      fc.property(nasty, (value) => {
        const result = filled(value);
        if (typeof result !== 'string') return;
        let read = new URL(result).pathname.split('/')[2] ?? '';
        for (let i = 0; i < 3; i++) {
          expect(read.split(/[/\\]/).some((piece) => piece === '.' || piece === '..')).toBe(false);
          read = decodeLoosely(read);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** As a careless server decodes: what is no escape stays. */
function decodeLoosely(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
