import { IDENTITY_KINDS, KIND_ATTRIBUTES } from '@writ/core';
import { describe, expect, test } from 'vitest';
import { ACME_FLOWS, compileText, loadAcme } from '../artefact/acme.test.ts';
import { type CedarType, cedarSchema, contextType } from './schema.ts';

const set = loadAcme();
const flow = (name: string): string => ACME_FLOWS.find(({ path }) => path.includes(name))!.text;
/** The type at a path of the context of a flow. */
function at(text: string, path: string): CedarType | undefined {
  const { definition } = compileText(text).flow!;
  let type: CedarType | undefined = contextType(
    definition,
    (anchor) => set.anchors.get(anchor)?.claims ?? {},
  );
  for (const name of path.split('.')) type = type?.type === 'Record' ? type.attributes[name] : undefined;
  return type;
}
const required = (text: string, path: string): boolean | undefined => at(text, path)?.required;

describe('contextType', () => {
  test('the roots are those of the language', () => {
    expect(
      Object.keys(
        (contextType(compileText(flow('ci-deploy')).flow!.definition, () => ({})) as { attributes: object })
          .attributes,
      ),
    ).toEqual(['request', 'identity', 'evidence', 'facts']);
  });

  test.each([
    ['request.audience', { type: 'String' }],
    ['request.scopes', { type: 'Set', element: { type: 'String' } }],
    ['request.ttl', { type: 'Extension', name: 'duration' }],
    ['request.task', { type: 'String', required: true }],
    ['request.data_sets', { type: 'Set', element: { type: 'String' }, required: true }],
    ['request.commands', { type: 'Set', element: { type: 'String' }, required: false }],
    ['identity.expires', { type: 'Extension', name: 'datetime' }],
    ['identity.revision_reviewed', { type: 'Boolean' }],
    ['facts.risk', { type: 'Record', attributes: { score: { type: 'Long' } } }],
    ['facts.workspace.kind', { type: 'String' }],
    ['evidence.person.acr', { type: 'String', required: true }],
  ])('%s of the agent flow', (path, type) => expect(at(flow('agent-tool'), path)).toEqual(type));

  test('S3.14 a claim is always there if its anchor requires it or the proof matches it, and else it may be absent', () => {
    const ci = flow('ci-deploy');
    expect(required(ci, 'evidence.github.event_name')).toBe(true);
    expect(required(ci, 'evidence.github.environment')).toBe(true);
    expect(required(ci.replace('        environment: production\n', ''), 'evidence.github.environment')).toBe(
      false,
    );
    expect(required(ci, 'evidence.github.ref_protected')).toBe(false);
  });

  test('one alternative alone is always there, one of several may be absent, all of all are there', () => {
    const second =
      '\n    - id: gitlab\n      anchor: gitlab-ci/acme\n      max-age: 5m\n      match: { project_id: "1" }\n\npolicy:';
    const two = flow('ci-deploy').replace('\n\npolicy:', second);
    const forbid = /policy:[^]*?approval:/.exec(two)![0];
    const bare = two.replace(forbid, 'policy: { permit: [], forbid: [] }\n\napproval:');
    expect(required(flow('ci-deploy'), 'evidence.github')).toBe(true);
    expect([required(bare, 'evidence.github'), required(bare, 'evidence.gitlab')]).toEqual([false, false]);
    const all = bare.replace('  any:', '  all:');
    expect([required(all, 'evidence.github'), required(all, 'evidence.gitlab')]).toEqual([true, true]);
  });

  test.each(IDENTITY_KINDS)(
    'an attribute of kind %s alone is always there where only that kind may ask',
    (kind) => {
      const ci = flow('ci-deploy').replace('kinds: [workload]', `kinds: [${kind}]`);
      for (const [owner, names] of Object.entries(KIND_ATTRIBUTES)) {
        for (const name of names)
          expect([name, required(ci, `identity.${name}`)]).toEqual([name, owner === kind]);
      }
    },
  );

  test('where several kinds or people may ask, each may lack what another has', () => {
    const both = flow('ci-deploy').replace('kinds: [workload]', 'kinds: [device, agent]');
    const people = flow('integration');
    for (const name of Object.values(KIND_ATTRIBUTES).flat()) {
      expect(required(both, `identity.${name}`)).toBe(false);
      expect(required(people, `identity.${name}`)).toBe(false);
    }
  });

  test('every type of a fact has its type in Cedar', () => {
    const typed = (type: string): CedarType | undefined =>
      at(
        flow('ci-deploy').replace(
          'facts:\n',
          `facts:\n  other: { source: calendar/release, type: ${type}, max-age: 1m }\n`,
        ),
        'facts.other',
      );
    expect(
      [
        'string',
        'long',
        'bool',
        'set',
        'duration',
        'datetime',
        'decimal',
        '{ a: bool }',
        '{ one-of: [x] }',
      ].map(typed),
    ).toEqual([
      { type: 'String' },
      { type: 'Long' },
      { type: 'Boolean' },
      { type: 'Set', element: { type: 'String' } },
      { type: 'Extension', name: 'duration' },
      { type: 'Extension', name: 'datetime' },
      { type: 'Extension', name: 'decimal' },
      { type: 'Record', attributes: { a: { type: 'Boolean' } } },
      { type: 'String' },
    ]);
  });
});

describe('cedarSchema', () => {
  test('one action, one kind of entity, and nothing of them can be read', () => {
    const context: CedarType = { type: 'Record', attributes: {} };
    expect(cedarSchema(context)).toEqual({
      '': {
        entityTypes: { Writ: {} },
        actions: { decide: { appliesTo: { principalTypes: ['Writ'], resourceTypes: ['Writ'], context } } },
      },
    });
  });
});
