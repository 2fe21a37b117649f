import { describe, expect, test } from 'vitest';
import { ACME, acmeWith, loadAcme, problemsOf, saidAfter, sha256 } from './acme.test.ts';
import { CHECK_NAMES, CONTROL_CHECKS } from './control-check.ts';
import { loadSet } from './load-set.ts';

const NIST = 'packs/nist-csf-2.0-pr-aa.yaml';
const OWASP = 'packs/owasp-nhi-2025.yaml';

function hashAfter(...[path, from, to]: Parameters<typeof acmeWith>): string | undefined {
  return loadSet(acmeWith(path, from, to), sha256).set?.hash;
}

const saidOf = (text: string): readonly string[] =>
  problemsOf(loadSet([...ACME, { path: 'x.yaml', text }], sha256));

describe('policy packs', () => {
  test('S2.11 several are loaded, by name, each control under the id its publisher gave it', () => {
    const { packs } = loadAcme();
    const ids = [...packs].map(([name, { version, controls }]) => [
      name,
      version,
      controls.map(({ id }) => id),
    ]);
    expect(ids).toEqual([
      ['nist-csf-pr-aa', '2.0', ['PR.AA-01', 'PR.AA-02', 'PR.AA-03', 'PR.AA-04', 'PR.AA-05']],
      ['owasp-nhi', '2025', Array.from({ length: 10 }, (_, i) => `NHI${i + 1}:2025`)],
    ]);
  });

  test('S0.17 the older names of a control stand beside it', () => {
    const named = [...loadAcme().packs.values()].flatMap(({ controls }) =>
      controls.map(({ id, aliases }) => [id, aliases]),
    );
    expect(named).toContainEqual(['PR.AA-01', ['PR.AC-1']]);
    expect(named).toContainEqual(['PR.AA-04', []]);
    expect(named).toContainEqual(['PR.AA-05', ['PR.AC-1', 'PR.AC-3', 'PR.AC-4']]);
    expect(named).toContainEqual(['NHI1:2025', ['NHI-01']]);
  });

  test('a control that says nothing more applies to all, and is not enforced', () => {
    const control = loadAcme().packs.get('nist-csf-pr-aa')?.controls.at(-1);
    expect(control).toMatchObject({ enforce: false, issues: null, tiers: null, kinds: null });
    expect(control?.checks).toContainEqual({ check: 'scopes-within', bound: 5 });
    expect(control?.checks).toContainEqual({ check: 'review-within', bound: 180 * 86_400 });
    expect(control?.checks).toContainEqual({ check: 'environment-matches', bound: null });
  });

  test.each([
    [NIST, 'most: 5', 'most: 6'],
    [NIST, '      - check: offboarding-revokes\n', ''],
    [OWASP, '    kinds: [integration]\n', ''],
    [OWASP, 'title: Secret Leakage\n', 'title: Secret Leakage\n    enforce: true\n'],
    [OWASP, 'aliases: [NHI-01]', 'aliases: [NHI-1]'],
  ])('F17 what is in a pack is in the hash: %s, %s', (path, from, to) => {
    const changed = hashAfter(path, from, to);
    expect(changed).toBeDefined();
    expect(changed).not.toBe(loadAcme().hash);
  });

  test('which file holds which pack does not matter, nor that there is none', () => {
    expect(loadSet(ACME.toReversed(), sha256).set?.hash).toBe(loadAcme().hash);
    const { set } = loadSet(
      ACME.filter(({ path }) => !path.startsWith('packs/')),
      sha256,
    );
    expect(set?.packs.size).toBe(0);
    expect(set?.hash).not.toBe(loadAcme().hash);
  });

  test('S2.11 an unknown check refuses, with the nearest one where there is one', () => {
    expect(saidAfter(NIST, 'check: purpose-recorded', 'check: purpose-recordet')).toEqual([
      'expected the name of a check, found `purpose-recordet`; did you mean `purpose-recorded`?',
    ]);
    const [all = ''] = saidAfter(NIST, 'check: purpose-recorded', 'check: everything-fine');
    expect(all).toContain('found `everything-fine`; expected owner-and-deputy, purpose-recorded,');
    expect(saidAfter(NIST, 'check: purpose-recorded', 'check: toString')).toHaveLength(1);
    expect(saidAfter(NIST, 'check: purpose-recorded', 'check: [a]')).toEqual([
      'expected the name of a check, found a list',
    ]);
  });

  test.each([
    [
      '{ check: scopes-within, with: { most: 5 } }',
      '{ check: scopes-within }',
      '`scopes-within` needs `with: { most: … }`',
    ],
    [
      '{ check: scopes-within, with: { most: 5 } }',
      '{ check: scopes-within, with: {} }',
      '`most` is missing',
    ],
    ['with: { most: 5 }', 'with: { most: 0 }', 'expected a whole number from 1 to 100, found `0`'],
    ['with: { most: 5 }', 'with: { mots: 5 }', 'unknown key `mots`; expected most'],
    ['with: { within: 180d }', 'with: { within: 180 }', 'expected a duration such as'],
    [
      '- check: environment-matches',
      '- { check: environment-matches, with: { most: 1 } }',
      '`environment-matches` takes no `with`',
    ],
    ['id: PR.AA-02', 'id: PR.AA-01', 'the id `PR.AA-01` stands here twice'],
    ['id: PR.AA-02', 'id: "PR AA 2"', 'expected an id such as'],
    ['pack: nist-csf-pr-aa', 'pack: NIST', 'expected a name such as'],
    ['version: "2.0"', 'version: 2', 'expected a text, found `2`'],
  ])('%s → %s is a mistake', (from, to, message) => {
    expect(saidAfter(NIST, from, to).join('\n')).toContain(message);
  });

  test('a control that checks nothing is a mistake, and so is one pack twice', () => {
    const head = 'writ: policy-pack/v1\npack: own\nversion: "1"\ntitle: Ours\n';
    expect(saidOf(`${head}controls: [{ id: A-1, title: T, checks: [] }]`)).toEqual([
      'x.yaml:5:41: a control that checks nothing; leave it out',
    ]);
    const twice = `${head.replace('own', 'owasp-nhi')}controls: [{ id: A-1, title: T, checks: [{ check: purpose-recorded }] }]`;
    expect(saidOf(twice)).toEqual(['x.yaml:1:1: a second policy pack `owasp-nhi`']);
    expect(saidOf(twice.replace('owasp-nhi', 'own'))).toEqual([]);
  });

  test('every check says when it passes', () => {
    for (const name of CHECK_NAMES) expect(CONTROL_CHECKS[name].means).toMatch(/^[a-z].*[^.]$/);
  });
});
