import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACME, ACME_FLOWS, acmeWith, compileText, loadAcme, problemsOf, sha256 } from './acme.test.ts';
import { rightsFor } from './artefact-set.ts';
import { loadSet, type SourceFile } from './load-set.ts';

const hashOf = (files: readonly SourceFile[]): string | undefined => loadSet(files, sha256).set?.hash;

describe('loadSet', () => {
  test('S3.4 the set holds every artefact by its name', () => {
    const set = loadAcme();
    expect({
      anchors: set.anchors.size,
      rights: set.rights.size,
      guardrails: set.guardrails.length,
      packs: set.packs.size,
      groups: set.groups.size,
      people: set.people.length,
      audiences: set.audiences.size,
      sources: set.sources.size,
    }).toEqual({
      anchors: 7,
      rights: 8,
      guardrails: 3,
      packs: 2,
      groups: 11,
      people: 5,
      audiences: 10,
      sources: 4,
    });
    expect(loadSet(ACME, sha256).identities.map(({ name }) => name)).toEqual([
      'svc-payments',
      'agent-crm',
      'edge-0042',
      'billing-export',
    ]);
  });

  test('S3.3 one hash names it, whatever the files are called and however they lie', () => {
    const renamed = ACME.toReversed().map(({ text }, i) => ({ path: `${i}.txt`, text: `# moved\n${text}` }));
    const files = [
      ...renamed.filter(({ text }) => !text.includes('people/v1')),
      ...renamed.filter(({ text }) => text.includes('people/v1')),
    ];
    expect(hashOf(files)).toBe(hashOf(ACME));
  });

  test.each([
    ['flows/ci-deploy-token.flow.yaml', 'max: 15m', 'max: 14m'],
    ['anchors/github-actions.yaml', 'replay: once', 'replay: first-key'],
    ['anchors/agents.yaml', 'from: sub', 'from: subject'],
    ['rights/deploy.yaml', 'max: 600', 'max: 601'],
    ['rights/deploy.yaml', 'scopes: ["deploy:read", "deploy:write"]', 'scopes: ["deploy:read"]'],
    ['guardrails.yaml', 'max-ttl: 1h', 'max-ttl: 2h'],
    ['groups.yaml', 'members: [user:rui, user:ana]', 'members: [user:rui, user:ana, user:tom]'],
    ['people.yaml', '#ana-7f3c', '#ana-7f3d'],
    ['audiences.yaml', 'enforces: [none]', 'enforces: [dpop]'],
    ['sources.yaml', 'value: open', 'value: closed'],
  ])('F17 whatever decisions are made by is in it: %s, %s', (path, from, to) => {
    const changed = hashOf(acmeWith(path, from, to));
    expect(changed).toBeDefined();
    expect(changed).not.toBe(hashOf(ACME));
  });

  test('identities to register are no part of it', () => {
    expect(hashOf(acmeWith('identities.yaml', 'telemetry of plant 4', 'telemetry of plant 5'))).toBe(
      hashOf(ACME),
    );
  });

  test.each([
    ['flow: a\n', 'x.yaml:1:1: the first line must be'],
    ['writ: flow/v2\n', 'x.yaml:1:7: the first line must be `writ: <kind>`, one of flow/v1, anchor/v1'],
    ['writ: [flow/v1]\n', 'x.yaml:1:7: the first line must be'],
    ['writ: toString\n', 'x.yaml:1:7: the first line must be'],
    ['- writ: flow/v1\n', 'x.yaml:1:1: the first line must be'],
    ['writ\n', 'x.yaml:1:1: the first line must be'],
    ['', 'x.yaml:1:1: the file is empty'],
    ['writ: config/v1\n', 'x.yaml:1:7: the first line must be'],
  ])('S3.14 a file that says not what it is, is not passed over: %j', (text, message) => {
    const { set, problems } = loadSet([...ACME, { path: 'x.yaml', text }], sha256);
    expect(set).toBeNull();
    expect(problemsOf({ problems })[0]).toContain(message);
  });

  test('S3.14 the mistakes of all files are found at once, in order of file and place', () => {
    const broken = ACME.map(({ path, text }) => ({
      path,
      text: text
        .replace(/^(?:owner|assurance|revocation): .*$/m, '$&x')
        .replace('expires: 2030', 'expires: 203'),
    }));
    const { problems } = loadSet(broken, sha256);
    expect(new Set(problems.map(({ file }) => file)).size).toBeGreaterThan(8);
    expect(problemsOf({ problems })).toEqual(
      problemsOf({
        problems: problems.toSorted((a, b) =>
          a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column,
        ),
      }),
    );
  });

  test('S3.14 an error anywhere, and there is neither a set nor an identity', () => {
    const { set, identities } = loadSet(acmeWith('people.yaml', 'name: Ana (sample)', 'nme: Ana'), sha256);
    expect([set, identities]).toEqual([null, []]);
  });

  test('a warning lets the set stand, and is told', () => {
    const { set, problems } = loadSet(
      acmeWith('flows/ci-deploy-token.flow.yaml', 'when: request.target == "staging"', "when: 'false'"),
      sha256,
    );
    expect(set).not.toBeNull();
    expect(problems.map(({ severity }) => severity)).toEqual(['warning']);
  });

  test('nothing at all is an empty set, by which nothing is issued', () => {
    const { set } = loadSet([], sha256);
    expect([set?.flows.size, set?.rights.size]).toEqual([0, 0]);
  });
});

describe('rightsFor', () => {
  const set = loadAcme();
  const of = (identity: string, audience: string | null, flow: string | null): readonly string[] =>
    rightsFor(set, { identity, audience, flow }).map(({ id }) => id);

  test('S4.1 exactly those of the identity, for the audience, through the flow', () => {
    expect(of('svc-payments', null, null)).toEqual(['payments-deploy', 'payments-artifacts']);
    expect(of('svc-payments', 'https://deploy.acme.example', null)).toEqual(['payments-deploy']);
    expect(of('svc-payments', 'https://deploy.acme.example', 'ci-deploy-token')).toEqual(['payments-deploy']);
    expect(of('svc-payments', 'https://deploy.acme.example', 'other')).toEqual([]);
    expect(of('svc-payments', 'https://deploy.acme.example/', null)).toEqual([]);
    expect(of('svc-payments-evil', null, null)).toEqual([]);
    expect(of('Svc-Payments', null, null)).toEqual([]);
  });
});

describe('whatever is done to a file', () => {
  const edit = fc.oneof(
    fc.record({
      kind: fc.constant('cut' as const),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(200),
    }),
    fc.record({
      kind: fc.constant('put' as const),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      text: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 4 }),
        fc.constantFrom(
          '\n',
          '  ',
          '- ',
          ': ',
          '{',
          '}',
          '[',
          ']',
          '"',
          "'",
          '#',
          '&a ',
          '*a',
          '!!x ',
          '|',
          '>-',
          '%',
          '\t',
          '\0',
          '\r',
          'null',
          '1.5',
        ),
      ),
    }),
    fc.record({
      kind: fc.constant('double' as const),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(400),
    }),
    fc.record({
      kind: fc.constant('swap' as const),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(100),
    }),
  );
  type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;
  const applied = (text: string, edits: readonly Edit[]): string => edits.reduce(apply, text);
  function apply(text: string, change: Edit): string {
    const at = Math.floor(change.from * text.length);
    if (change.kind === 'put') return text.slice(0, at) + change.text + text.slice(at);
    const piece = text.slice(at, at + change.length);
    if (change.kind === 'cut') return text.slice(0, at) + text.slice(at + change.length);
    return change.kind === 'double'
      ? text.slice(0, at) + piece + text.slice(at)
      : text.slice(at + change.length) + piece + text.slice(0, at);
  }

  test('F14 a changed flow is read or refused with problems that stand in it, and nothing is thrown', () => {
    const seen = { read: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(...ACME_FLOWS),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        ({ text }, edits) => {
          const changed = applied(text, edits);
          const { flow, problems } = compileText(changed);
          seen[flow === null ? 'refused' : 'read']++;
          const lines = changed.split('\n').length;
          if (flow === null && problems.length === 0) throw new Error('refused without a word');
          for (const problem of problems) {
            const [, line, column] = /^f\.yaml:(\d+):(\d+): ./.exec(problem) ?? [];
            if (!(Number(line) >= 1 && Number(line) <= lines && Number(column) >= 1))
              throw new Error(problem);
          }
        },
      ),
      { numRuns: 1_200 },
    );
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(5);
  });

  test('F14 so with any file of a whole set', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ACME),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        ({ path, text }, edits) => {
          const { set, problems } = loadSet(
            ACME.map((file) => (file.path === path ? { path, text: applied(text, edits) } : file)),
            sha256,
          );
          expect(set === null).toBe(problems.some(({ severity }) => severity === 'error'));
        },
      ),
      { numRuns: 100 },
    );
  });
});
