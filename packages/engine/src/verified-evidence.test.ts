import { type Attestor, EvidenceError } from '@writ/attest';
import type { Anchor, Evidence } from '@writ/core';
import { createPaperAttestor, paperIssuer, paperToken } from '@writ/testkit';
import { loadAcme, NOON, sha256 } from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import type { Asked } from './asked.ts';
import type { Ports } from './ports.ts';
import { type Verified, verifyEvidence } from './verified-evidence.ts';

const { set } = loadAcme();
const GITHUB = 'https://token.actions.githubusercontent.com';
const TIMES = { iat: NOON / 1000, exp: NOON / 1000 + 300 };
const TOKEN = paperToken({ iss: GITHUB, jti: 'one', ...TIMES, claims: { ref: 'refs/heads/main' } });

interface Trial {
  readonly verified: Promise<Verified>;
  /** anchors that were asked, in order */
  readonly tried: readonly string[];
}

function trial(
  tokens: Asked['tokens'],
  attestor: Attestor = createPaperAttestor(),
  anchors: ReadonlyMap<string, Anchor> = set.anchors,
): Trial {
  const tried: string[] = [];
  const ports: unknown = {
    sha256,
    untrustedIssuer: paperIssuer,
    attestor: {
      verify: async (...given: Parameters<Attestor['verify']>): Promise<Evidence> => {
        tried.push(given[1].name);
        return attestor.verify(...given);
      },
    },
  };
  const asked: unknown = { tokens };
  return {
    tried,
    verified: verifyEvidence(ports as Ports, { ...set, anchors }, asked as Asked, NOON),
  };
}

/** The example's anchors with another of GitHub's issuer, before or after it. */
function withSecond(first: boolean): ReadonlyMap<string, Anchor> {
  const github = set.anchors.get('github-actions/acme');
  if (github === undefined) throw new Error('no anchor');
  const second = { ...github, name: 'github-actions/second', audience: 'https://second.example' };
  const entry: readonly [string, Anchor] = [second.name, second];
  return new Map(first ? [entry, ...set.anchors] : [...set.anchors, entry]);
}

/** Believes one anchor's audience, as an attestor that reads `aud` does. */
function believing(name: string): Attestor {
  const paper = createPaperAttestor();
  return {
    verify: async (token, anchor, role, now) => {
      if (anchor.name !== name) throw new EvidenceError('audience', 'token is for another audience');
      return paper.verify(token, anchor, role, now);
    },
  };
}

describe('the anchor of a token', () => {
  test('G10 is that of its issuer, to the letter', async () => {
    const { verified, tried } = trial([{ token: TOKEN, role: 'subject' }]);
    expect(await verified).toMatchObject({
      evidence: [{ anchor: 'github-actions/acme', role: 'subject', issuer: GITHUB, tokenId: 'one' }],
    });
    expect(tried).toEqual(['github-actions/acme']);
  });

  test.each([
    `${GITHUB}/`,
    `${GITHUB}/enterprise`,
    GITHUB.toUpperCase(),
    'http://token.actions.githubusercontent.com',
    '',
  ])('G10 P13 is none for the issuer `%s`, and nothing is asked or fetched for it', async (iss) => {
    const { verified, tried } = trial([
      { token: paperToken({ iss, jti: 'one', ...TIMES, claims: {} }), role: 'subject' },
    ]);
    expect(await verified).toMatchObject({ failure: { rule: 'evidence.subject', claim: 'iss' } });
    expect(tried).toEqual([]);
  });

  test('S1 of a token without an issuer is that of its trust domain, to the letter', async () => {
    const of = (iss: string) =>
      trial([{ token: paperToken({ iss, ...TIMES, claims: {} }), role: 'actor' }], believing('none'));
    const found = of('spiffe://agents.acme.example');
    expect(await found.verified).toMatchObject({ failure: { rule: 'evidence.actor' } });
    expect(found.tried).toEqual(['spiffe/agents.acme.example']);
    for (const iss of [
      'spiffe://acme.example',
      'spiffe://agents.acme.example/',
      'spiffe://AGENTS.acme.example',
      'agents.acme.example',
    ]) {
      const none = of(iss);
      expect(await none.verified).toMatchObject({ failure: { claim: 'iss' } });
      expect(none.tried).toEqual([]);
    }
  });

  test('an anchor without an issuer is found by no token', async () => {
    expect([...set.anchors.values()].some(({ issuer }) => issuer === '')).toBe(true);
    const { verified, tried } = trial([{ token: 'not a token', role: 'actor' }]);
    expect(await verified).toMatchObject({ failure: { rule: 'evidence.actor' } });
    expect(tried).toEqual([]);
  });

  test.each([true, false])(
    'of two with one issuer it is the one that believes it (the other first: %s)',
    async (first) => {
      const anchors = withSecond(first);
      for (const name of ['github-actions/acme', 'github-actions/second']) {
        const { verified } = trial([{ token: TOKEN, role: 'subject' }], believing(name), anchors);
        expect(await verified).toMatchObject({ evidence: [{ anchor: name }] });
      }
      const { verified, tried } = trial([{ token: TOKEN, role: 'subject' }], believing('none'), anchors);
      expect(await verified).toMatchObject({
        failure: { message: 'audience: token is for another audience' },
      });
      expect(tried).toHaveLength(2);
    },
  );
});

describe('what the attestor says', () => {
  test('every token is verified, and the first that fails ends it', async () => {
    const late = paperToken({ iss: GITHUB, jti: 'two', iat: 0, exp: 1, claims: {} });
    const { verified, tried } = trial([
      { token: late, role: 'subject' },
      { token: TOKEN, role: 'actor' },
    ]);
    expect(await verified).toMatchObject({
      failure: { stage: 'proof', rule: 'evidence.subject', message: 'expired: token has expired' },
    });
    expect(tried).toHaveLength(1);
  });

  test('no token is no evidence, which is for the flow to refuse', async () => {
    expect(await trial([]).verified).toEqual({ evidence: [] });
  });

  test('an error that is none of evidence is not taken for a refusal', async () => {
    const broken: Attestor = { verify: async () => Promise.reject(new TypeError('broken')) };
    await expect(trial([{ token: TOKEN, role: 'subject' }], broken).verified).rejects.toThrow(TypeError);
  });
});
