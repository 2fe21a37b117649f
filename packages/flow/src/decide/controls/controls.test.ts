import { type Facts, NO_ENTITLEMENT } from '@writ/core';
import { DEPLOY_FLOW, goodFacts, identityFacts, loadAcme, NOON } from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import type { ArtefactSet } from '../../artefact/artefact-set.ts';
import type { Control } from '../../artefact/policy-pack.ts';
import { assessControls } from '../assess-controls.ts';
import { decide } from '../decide.ts';

const acme = loadAcme();

/** The example with one pack of these controls alone. */
function only(...controls: readonly (Partial<Control> & Pick<Control, 'checks'>)[]): ArtefactSet {
  const full = controls.map(
    (each, i): Control => ({
      id: `C-${i}`,
      aliases: [],
      title: 'A control',
      enforce: false,
      issues: null,
      tiers: null,
      kinds: null,
      ...each,
    }),
  );
  const pack = { pack: 'ours', version: '1', title: 'Ours', controls: full };
  return { ...acme.set, packs: new Map([['ours', pack]]) };
}

const PASSES = { check: 'purpose-recorded', bound: null } as const;
const FAILS = { check: 'lifetime-within', bound: 1 } as const;
const FAILS_TOO = { check: 'scopes-within', bound: 1 } as const;
const SPEAKS_NOT = { check: 'kind-recorded', bound: null } as const;

describe('assessControls', () => {
  const asked = goodFacts(DEPLOY_FLOW, acme);
  const good: Facts = { ...asked, request: { ...asked.request, scopes: ['deploy:read', 'deploy:write'] } };

  test.each([
    [[PASSES], 'pass', 'it is for `deploys the payments service`'],
    [[PASSES, PASSES], 'pass', 'it is for `deploys the payments service`'],
    [[PASSES, SPEAKS_NOT], 'pass', 'it is for `deploys the payments service`'],
    [[SPEAKS_NOT], 'not-applicable', 'nothing more belongs to the kind workload'],
    [[PASSES, FAILS], 'fail', 'the credential would live 10m, more than 1s'],
    [
      [FAILS, FAILS_TOO, SPEAKS_NOT],
      'fail',
      'the credential would live 10m, more than 1s; asked for deploy:read deploy:write: more than 1',
    ],
  ] as const)('S2.11 %j together: %s', (checks, outcome, because) => {
    expect(assessControls(only({ checks }), good, NOON)).toEqual([
      { pack: 'ours', control: 'C-0', aliases: [], title: 'A control', outcome, because },
    ]);
  });

  test.each([
    [{ issues: ['identity', 'x509'] as const }, 'it is about what issues identity, x509'],
    [{ kinds: ['agent'] as const }, 'it is about identities of kind agent'],
    [{ tiers: [0, 3] as const }, 'it is about tier 0, 3'],
    [
      { issues: ['token'] as const, tiers: [1] as const, kinds: ['device'] as const },
      'it is about what issues token and identities of kind device and tier 1',
    ],
  ])('a control that speaks of others is not applicable: %j', (about, because) => {
    const [found] = assessControls(only({ checks: [FAILS], ...about }), good, NOON);
    expect(found).toMatchObject({ outcome: 'not-applicable', because });
  });

  test('S2.11 every control of every pack, enforced or not, with its aliases', () => {
    const results = assessControls(acme.set, identityFacts(acme), NOON);
    expect(results.map(({ pack, control, outcome }) => `${pack} ${control} ${outcome}`)).toEqual([
      'nist-csf-pr-aa PR.AA-01 pass',
      'nist-csf-pr-aa PR.AA-02 pass',
      'nist-csf-pr-aa PR.AA-03 pass',
      'nist-csf-pr-aa PR.AA-04 pass',
      'nist-csf-pr-aa PR.AA-05 pass',
      'owasp-nhi NHI1:2025 pass',
      'owasp-nhi NHI2:2025 not-applicable',
      'owasp-nhi NHI3:2025 not-applicable',
      'owasp-nhi NHI4:2025 pass',
      'owasp-nhi NHI5:2025 pass',
      'owasp-nhi NHI6:2025 not-applicable',
      'owasp-nhi NHI7:2025 not-applicable',
      'owasp-nhi NHI8:2025 pass',
      'owasp-nhi NHI9:2025 not-applicable',
      'owasp-nhi NHI10:2025 not-applicable',
    ]);
    expect(results.find(({ control }) => control === 'PR.AA-05')?.aliases).toContain('PR.AC-4');
  });

  test('nothing is held of a flow or an identity that nobody knows', () => {
    expect(assessControls(acme.set, { ...good, identity: null }, NOON)).toEqual([]);
    expect(assessControls(acme.set, { ...good, request: { ...good.request, flow: 'gone' } }, NOON)).toEqual(
      [],
    );
  });

  test('a request that is refused for other reasons is assessed all the same', () => {
    const { identity } = good;
    if (identity === null) throw new Error('no identity');
    const refused: Facts = {
      ...good,
      identity: { ...identity, status: 'retired', entitlement: NO_ENTITLEMENT },
    };
    expect(decide(acme.set, refused, NOON).outcome).toBe('refused');
    expect(assessControls(acme.set, refused, NOON)).toHaveLength(15);
  });
});

describe('enforced controls', () => {
  const good = goodFacts(DEPLOY_FLOW, acme);

  test('S2.11 a request that fails one is refused, and told which; why is for owners and operators', () => {
    const set = only({ checks: [FAILS], enforce: true });
    expect(decide(set, good, NOON)).toMatchObject({
      outcome: 'refused',
      reasons: [
        {
          stage: 'policy',
          rule: 'pack.ours.C-0',
          message: 'it fails the control `C-0` (A control)',
          expected: 'the credential would live 10m, more than 1s',
        },
      ],
    });
  });

  test('S2.11 all that fail are named; what passes, does not apply or is not enforced refuses nothing', () => {
    const set = only(
      { checks: [FAILS], enforce: true },
      { checks: [FAILS] },
      { checks: [PASSES], enforce: true },
      { checks: [FAILS], enforce: true, kinds: ['device'] },
      { checks: [FAILS], enforce: true, kinds: ['workload'] },
    );
    const verdict = decide(set, good, NOON);
    const rules = verdict.outcome === 'refused' ? verdict.reasons.map(({ rule }) => rule) : [];
    expect(rules).toEqual(['pack.ours.C-0', 'pack.ours.C-4']);
    expect(decide(only({ checks: [FAILS] }), good, NOON).outcome).toBe('issue');
  });
});
