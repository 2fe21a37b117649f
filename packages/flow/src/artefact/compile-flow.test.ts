import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { ACME_FLOWS, compileText } from './acme.test.ts';

const CI = ACME_FLOWS.find(({ path }) => path.includes('ci-deploy'))!.text;
const hashOf = (text: string): string | null => compileText(text).flow?.hash ?? null;
type Path = readonly (string | number)[];

function leavesOf(text: string): readonly { path: Path; value: unknown }[] {
  const leaves: { path: Path; value: unknown }[] = [];
  const walk = (node: unknown, path: Path): void => {
    if (isMap(node))
      for (const { key, value } of node.items) walk(value, [...path, isScalar(key) ? String(key.value) : '']);
    else if (isSeq(node)) node.items.forEach((item, i) => walk(item, [...path, i]));
    else if (isScalar(node)) leaves.push({ path, value: node.value });
  };
  walk(parseDocument(text).contents, []);
  return leaves;
}

function set(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text);
  document.setIn(path, value);
  return document.toString({ lineWidth: 0 });
}

/** Words of which one may stand where another does. */
const WORDS: readonly (readonly unknown[])[] = [
  ['workload', 'device', 'service-account', 'agent', 'integration'],
  ['subject', 'actor'],
  ['owner', 'group:integrations'],
  ['requester', 'owner', 'actor', 'author'],
  [
    'none',
    'dpop',
    'mtls',
    'tpm-key',
    ['owner'],
    { until: 'identity.revision-changes' },
    { after: 'old-verified-dead', hold: 'evidence' },
  ],
  ['never', 'allowed'],
  ['confirmed', 'proven', 'issued'],
  ['string', 'long', 'bool', 'set'],
  [
    'owner.offboarded',
    'owner.changed',
    'subject.offboarded',
    'anchor.withdrawn',
    'registry.unregistered',
    'unused-for-30d',
    'unused-for-1d',
  ],
  [
    'request.task',
    'request.data_sets',
    'request.commands',
    'request.scopes',
    'request.environment',
    'identity.environment',
    'request.summary',
    'identity.changes',
    'identity.purpose',
    'expiry',
    'request.ttl',
  ],
  ['identity.serial', 'identity.egress', 'identity.uri', 'evidence.person.subject', 'identity.owner'],
  ['github-actions/acme', 'gitlab-ci/acme'],
  ['tpm/ek-roots-2026', 'registry/devices'],
];

/** Other values a leaf may have: the first that is sound is taken. */
function others(value: unknown, condition: boolean): readonly unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1, value - 1];
  const text = String(value);
  const words = WORDS.filter((group) => group.includes(text)).flat();
  const numbers = [-1, 1].map((by) => text.replace(/^\d+/, (count) => String(Number(count) + by)));
  const conditions = [text.replace('==', '!='), text.replace(/>=|>/, '<'), `!(${text})`];
  return [...numbers, ...words, ...(condition ? conditions : []), `${text}x`].filter(
    (other) => other !== text,
  );
}

/** Places where only one word is possible, or where another place must follow. */
const FIXED = new Set(['writ', 'issues', 'format', 'alg', 'until', 'after', 'hold', 'redundant', 'factor']);

/** Leaves that cannot change by themselves: what stands beside them would no longer fit. */
const ALONE =
  /^request\.(?:fields\.\w+\.(?:type|required)|by\.kinds\.0)$|^facts\.\w+\.type\.\w+$|^proof\.(?:any|all)\.\d\.(?:id|anchor)$|^activate\.when$|^activate\.by$/;

describe('content hash', () => {
  test.each(ACME_FLOWS)('F17 $path: every leaf that is changed changes the hash', ({ text }) => {
    const seen = new Set([hashOf(text)]);
    const alone: string[] = [];
    const unmoved: string[] = [];
    for (const { path, value } of leavesOf(text)) {
      if (FIXED.has(String(path.at(-1)))) continue;
      const hash = others(value, path.at(-1) === 'when')
        .map((other) => hashOf(set(text, path, other)))
        .find((found) => found !== null);
      if (hash === undefined) alone.push(path.join('.'));
      else if (seen.has(hash)) unmoved.push(path.join('.'));
      else seen.add(hash);
    }
    expect(unmoved).toEqual([]);
    expect(alone.filter((path) => !ALONE.test(path))).toEqual([]);
    expect(seen.size).toBeGreaterThan(30);
  });

  test.each(ACME_FLOWS)('F17 $path: every item that is taken out of a list changes the hash', ({ text }) => {
    const seen = new Set([hashOf(text)]);
    const lists: Path[] = [];
    const walk = (node: unknown, path: Path): void => {
      if (isMap(node))
        for (const { key, value } of node.items)
          walk(value, [...path, isScalar(key) ? String(key.value) : '']);
      else if (isSeq(node))
        node.items.forEach((item, i) => {
          lists.push([...path, i]);
          walk(item, [...path, i]);
        });
    };
    walk(parseDocument(text).contents, []);
    for (const path of lists) {
      const document = parseDocument(text);
      document.deleteIn(path);
      const hash = hashOf(document.toString({ lineWidth: 0 }));
      expect([path, hash !== null && seen.has(hash)]).toEqual([path, false]);
      if (hash !== null) seen.add(hash);
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  test.each(ACME_FLOWS)('F2 $path: order of keys, layout and comments do not matter', ({ text }) => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.nat()),
        fc.constantFrom(1, 2, 4, 6),
        fc.boolean(),
        (random, indent, flow) => {
          const document = parseDocument(text);
          const shuffle = (node: unknown): void => {
            if (isMap(node)) {
              const order = new Map(node.items.map((pair) => [pair, Number(random.next().value)]));
              node.items.sort((a, b) => order.get(a)! - order.get(b)!);
              node.items.forEach(({ value }) => shuffle(value));
              node.flow = flow && node !== document.contents;
              node.comment = 'said in passing';
            } else if (isSeq(node)) {
              node.items.forEach(shuffle);
              node.commentBefore = ' why';
            }
          };
          shuffle(document.contents);
          expect(hashOf(document.toString({ indent, lineWidth: 0 }))).toBe(hashOf(text));
        },
      ),
      { numRuns: 15 },
    );
  });

  test.each([
    ['quotes of a text', 'repository: acme/payments', "repository: 'acme/payments'"],
    ['other quotes', 'repository: acme/payments', 'repository: "acme\\u002fpayments"'],
    ['a block', 'summary: Ten', 'summary: >-\n  Ten'],
    ['spelling of a duration', 'max-age: 5m\n      match', 'max-age: 300s\n      match'],
    ['spaces in a condition', 'request.target == "staging"', 'request.target=="staging"'],
    ['brackets in a condition', 'request.target == "staging"', '((request.target) == ("staging"))'],
    ['an index for an attribute', 'request.target == "staging"', 'request["target"] == "staging"'],
    ['an escape in a condition', 'request.target == "staging"', 'request.target == "\\u{73}taging"'],
    ['a default that is written', 'as: nothing', ''],
  ])('F2 meaning is hashed, not spelling: %s', (_, from, to) => {
    const text =
      from === 'as: nothing'
        ? CI.replace('    - id: github\n', '    - id: github\n      as: subject\n')
        : CI.replace(from, () => to);
    expect(text).not.toBe(CI);
    expect(hashOf(text)).toBe(hashOf(CI));
  });

  test.each([
    ['an operand', 'request.target == "staging"', '"staging" == request.target'],
    [
      'precedence',
      'request.target == "production" && facts.change_window != "open"',
      'request.target == "production" || facts.change_window != "open"',
    ],
    ['a letter beyond ASCII', 'repository: acme/payments', 'repository: аcme/payments'],
    ['composed and decomposed', 'Ten-minute', 'Te\u0301n-minute'],
    ['order of a list', '[dpop, mtls]', '[mtls, dpop]'],
    ['a number as a text', 'target: { type: string', 'target: { type: set'],
  ])('F17 it differs for %s', (_, from, to) => {
    const text = CI.replace(from, () => to).replace('type: set, one-of', 'type: set, subset-of');
    expect(text).not.toBe(CI);
    expect(hashOf(text)).not.toBe(hashOf(CI));
  });

  test('F2 names that an author chooses hide nothing from the hash', () => {
    for (const name of ['expression', 'text', 'when', 'op', 'ms', 'value', 'length', 'to_json']) {
      const field = (type: string): string =>
        CI.replace(
          '  fields:\n',
          `  fields:\n    ${name.replace('_', '-')}: { type: ${type}, required: false }\n    zz: { type: string, required: true }\n`,
        );
      const hashes = [
        field('string'),
        field('long'),
        field('string').replace('zz: { type: string, required: true', 'zz: { type: string, required: false'),
        field('string').replace('zz: { type', 'zy: { type'),
      ].map(hashOf);
      expect([name, hashes.includes(null), new Set(hashes).size]).toEqual([name, false, 4]);
    }
    const fact = (type: string): string =>
      CI.replace(
        'facts:\n',
        `facts:\n  expression: { source: calendar/release, type: string, max-age: 1m }\n  other: { source: calendar/release, type: ${type}, max-age: 1m }\n`,
      );
    expect(hashOf(fact('string'))).not.toBe(hashOf(fact('long')));
  });

  test('F2 two flows never share a hash, and a hash is 64 lower-case hexadecimal digits', () => {
    const hashes = ACME_FLOWS.map(({ text }) => hashOf(text));
    expect(new Set(hashes).size).toBe(7);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('compileFlow', () => {
  test('rules keep their order and their ids', () => {
    const { flow } = compileText(CI);
    expect([flow!.permit, flow!.forbid, flow!.approval].map((rules) => rules.map(({ id }) => id))).toEqual([
      ['release-to-production', 'release-to-staging'],
      ['base-code-for-a-fork', 'write-only-from-protected'],
      ['out-of-hours'],
    ]);
  });

  test('a rule tests the facts it names', () => {
    const { flow } = compileText(CI);
    const [, write] = flow!.forbid;
    const facts = (scopes: string[], github: Record<string, string>) => ({
      request: { scopes },
      evidence: { github },
    });
    expect(write!.test(facts(['deploy:write'], {}))).toBe(true);
    expect(write!.test(facts(['deploy:write'], { ref_protected: 'true' }))).toBe(false);
    expect(write!.test(facts(['deploy:write'], { ref_protected: 'True' }))).toBe(true);
    expect(write!.test(facts(['deploy:read'], {}))).toBe(false);
  });

  test('S3.14 one unsound condition, and there is no flow', () => {
    expect(compileText(CI.replace('request.target == "staging"', 'request.target == 1')).flow).toBeNull();
  });
});
