import type { Evidence, HttpSource } from '@writ/core';
import { describe, expect, test } from 'vitest';
import { loadAcme } from '../artefact/acme.test.ts';
import { sourceUrl } from './source-url.ts';

const agentFlow = loadAcme().flows.get('agent-tool-identity');
if (agentFlow === undefined) throw new Error('no flow');
const flow = agentFlow.definition;

const identity = { name: 'agent-crm', uri: 'spiffe://acme.example/agent/crm', owner: 'user:tom' };
const evidence: Evidence = {
  anchor: 'oidc/workforce',
  role: 'subject',
  issuer: 'https://idp.example',
  tokenId: 'j',
  digest: 'd',
  assurance: 2,
  claims: { subject: 'ana', level: 3, groups: ['a'], here: true },
  issuedAt: 0,
  expiresAt: 0,
};

function asked(query: string, presented: readonly Evidence[] = [evidence]): ReturnType<typeof sourceUrl> {
  const source: HttpSource = {
    name: 'risk/agents',
    kind: 'http',
    type: { type: 'long' },
    url: `https://risk.acme.example/x?by=${query}`,
    maxAge: 60,
    keys: null,
    pin: 'x',
    privateAddresses: false,
    timeout: 2,
  };
  const request = { fields: { ticket: 'A-1', count: 3, sets: ['a'], dry: false } };
  return sourceUrl(source, flow, { identity, request, evidence: presented });
}

describe('sourceUrl', () => {
  test.each([
    ['{identity.name}', 'agent-crm'],
    ['{identity.uri}', 'spiffe%3A%2F%2Facme.example%2Fagent%2Fcrm'],
    ['{identity.owner}', 'user%3Atom'],
    ['{request.ticket}', 'A-1'],
    ['{request.count}', '3'],
    ['{evidence.person.subject}', 'ana'],
    ['{evidence.person.level}', '3'],
  ])('asks by %s', (query, value) => expect(asked(query)).toBe(`https://risk.acme.example/x?by=${value}`));

  test.each([
    'request.sets',
    'request.dry',
    'request.other',
    'request.constructor',
    'evidence.person.groups',
    'evidence.person.here',
    'evidence.person.other',
    'evidence.agent.subject',
    'evidence.constructor.name',
  ])('S3.8 what is absent, or no text or number, is not asked by: %s', (path) => {
    expect(asked(`{${path}}`)).toEqual({ absent: path });
  });

  test('evidence counts for the proof whose anchor and role it has', () => {
    expect(asked('{evidence.person.subject}', [])).toEqual({ absent: 'evidence.person.subject' });
    expect(asked('{evidence.person.subject}', [{ ...evidence, role: 'actor' }])).toEqual({
      absent: 'evidence.person.subject',
    });
  });
});
