import { describe, expect, test } from 'vitest';
import { isMap, isSeq, parseDocument } from 'yaml';
import { ACME_FLOWS, compileText } from '../artefact/acme.test.ts';
import { below, holdsRules, isRule, keysAt } from './key-order.ts';

const CI = ACME_FLOWS.find(({ path }) => path.includes('ci-deploy'))!.text;

/** The keys that the loader itself lists when it finds something else than a map. */
function listed(path: readonly (string | number)[]): readonly string[] {
  const document = parseDocument(CI);
  if (path.length === 0)
    return /a map with (.*), found/.exec(compileText('just text').problems.join())![1]!.split(', ');
  document.setIn(path, 'no map');
  const said = compileText(document.toString({ lineWidth: 0 })).problems.join('\n');
  return /expected a map with (.*), found `no map`/.exec(said)![1]!.split(', ');
}

describe('keysAt', () => {
  test.each([
    ['', []],
    ['request', ['request']],
    ['request.ttl', ['request', 'ttl']],
    ['request.fields.*', ['request', 'fields', 'target']],
    ['facts.*', ['facts', 'change_window']],
    ['proof', ['proof']],
    ['proof.any.*', ['proof', 'any', 0]],
    ['policy', ['policy']],
    ['policy.permit.*', ['policy', 'permit', 0]],
    ['policy.forbid.*', ['policy', 'forbid', 0]],
    ['approval.*', ['approval', 0]],
    ['approval.*.require', ['approval', 0, 'require']],
    ['bind', ['bind']],
    ['deliver', ['deliver']],
    ['activate', ['activate']],
    ['lifecycle', ['lifecycle']],
    ['lifecycle.recover', ['lifecycle', 'recover']],
  ])('the order of keys is that of the shape which reads them: %s', (path, place) => {
    expect(keysAt(path)).toEqual(listed(place));
  });

  test('a place nobody knows has no order, whatever its name', () => {
    expect([keysAt('nowhere'), keysAt('toString'), keysAt('__proto__')]).toEqual([[], [], []]);
  });
});

describe('below', () => {
  test('free names and items of lists are one step', () => {
    expect(below('', 'request')).toBe('request');
    expect(below('request.fields', 'target')).toBe('request.fields.*');
    expect(below('facts', 'risk')).toBe('facts.*');
    expect(below(below('policy', 'permit'), null)).toBe('policy.permit.*');
  });

  test('every key that the example writes is known to the order of its place', () => {
    const unknown: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (isSeq(node)) node.items.forEach((item) => walk(item, below(path, null)));
      if (!isMap(node)) return;
      const keys = keysAt(path);
      for (const { key, value } of node.items) {
        if (keys.length > 0 && !keys.includes(String(key))) unknown.push(`${path}: ${String(key)}`);
        walk(value, below(path, String(key)));
      }
    };
    for (const { text } of ACME_FLOWS) walk(parseDocument(text).contents, '');
    expect(unknown).toEqual([]);
  });
});

describe('isRule, holdsRules', () => {
  test('rules, and what they stand in', () => {
    expect(
      ['policy.permit.*', 'policy.forbid.*', 'approval.*', 'approval', 'policy.permit', 'activate', null].map(
        isRule,
      ),
    ).toEqual([true, true, true, false, false, false, false]);
    expect(
      ['', 'policy', 'policy.permit', 'approval', 'approval.*', 'request', null].map(holdsRules),
    ).toEqual([true, true, true, true, true, false, false]);
  });
});
