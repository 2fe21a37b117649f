import { describe, expect, test } from 'vitest';
import { type Document, isMap, isScalar, isSeq, parseDocument, Scalar, visit, type YAMLMap } from 'yaml';
import { ACME_FLOWS, compileText } from '../artefact/acme.test.ts';

const flow = (name: string): string => ACME_FLOWS.find(({ path }) => path.includes(name))!.text;
const CI = flow('ci-deploy');
const hashOf = (text: string): string | null => compileText(text).flow?.hash ?? null;
const messages = (text: string): readonly string[] =>
  compileText(text).problems.map((problem) => problem.replace(/^f\.yaml:\d+:\d+: /, ''));
const changed = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`no ${from}`);
  return text.replace(from, () => to);
};

/** Every member of every map of a flow, with its path. */
function membersOf(text: string): readonly (readonly (string | number)[])[] {
  const paths: (string | number)[][] = [];
  const walk = (node: unknown, path: readonly (string | number)[]): void => {
    if (isMap(node)) {
      for (const pair of node.items) {
        const below = [...path, String((pair.key as Scalar).value)];
        paths.push(below);
        walk(pair.value, below);
      }
    } else if (isSeq(node)) node.items.forEach((item, i) => walk(item, [...path, i]));
  };
  walk(parseDocument(text).contents, []);
  return paths;
}

function edited(text: string, edit: (document: Document.Parsed) => void): string {
  const document = parseDocument(text);
  edit(document);
  return document.toString({ lineWidth: 0 });
}

describe('S0.2 a definition states everything', () => {
  /** Keys whose absence means what is written here: a safe default. */
  const DEFAULTS = new Set([
    'proof.any.0.as',
    'proof.all.1.as',
    'proof.all.0.as',
    'deliver.human-visible',
    'activate.not',
    'approval.0.require.not',
    'approval.0.require.count',
    'approval.1.require.count',
    'request.fields.commands.required',
  ]);

  test.each(ACME_FLOWS)(
    '$path: a key left out is an error, another meaning, or its safe default',
    ({ text }) => {
      const original = hashOf(text);
      const silent: string[] = [];
      for (const path of membersOf(text)) {
        const hash = hashOf(edited(text, (document) => document.deleteIn(path)));
        if (hash === original && !DEFAULTS.has(path.join('.'))) silent.push(path.join('.'));
      }
      // A ttl whose default is the largest, as where none is written.
      expect(
        silent.filter((path) => path !== 'request.ttl.default' || !text.includes('{ max: 7d, default: 7d }')),
      ).toEqual([]);
    },
  );

  test.each([
    'flow',
    'version',
    'owner',
    'summary',
    'issues',
    'tier',
    'request',
    'proof',
    'policy',
    'approval',
    'generate',
    'bind',
    'deliver',
    'activate',
    'lifecycle',
  ])('S0.2 without `%s` there is no flow', (key) => {
    const { flow: compiled, problems } = compileText(edited(CI, (document) => document.delete(key)));
    expect(compiled).toBeNull();
    expect(problems).toContainEqual(
      expect.stringMatching(new RegExp(`^f\\.yaml:1:1: \`${key}\` is missing$`)),
    );
  });

  test.each([
    [['request', 'by'], 'by'],
    [['request', 'audience'], 'audience'],
    [['request', 'scopes'], 'scopes'],
    [['request', 'ttl'], 'ttl'],
    [['request', 'ttl', 'max'], 'max'],
    [['request', 'fields', 'target', 'required'], 'required'],
    [['facts', 'change_window', 'max-age'], 'max-age'],
    [['proof', 'min-assurance'], 'min-assurance'],
    [['proof', 'any', 0, 'anchor'], 'anchor'],
    [['proof', 'any', 0, 'max-age'], 'max-age'],
    [['proof', 'any', 0, 'match'], 'match'],
    [['policy', 'permit'], 'permit'],
    [['policy', 'forbid'], 'forbid'],
    [['policy', 'forbid', 0, 'because'], 'because'],
    [['policy', 'permit', 0, 'when'], 'when'],
    [['approval', 0, 'require'], 'require'],
    [['approval', 0, 'require', 'from'], 'from'],
    [['approval', 0, 'expires'], 'expires'],
    [['approval', 0, 'reuse'], 'reuse'],
    [['bind', 'pop'], 'pop'],
    [['deliver', 'to'], 'to'],
    [['activate', 'when'], 'when'],
    [['lifecycle', 'renewable'], 'renewable'],
    [['lifecycle', 'max-lifetime'], 'max-lifetime'],
    [['lifecycle', 'recover'], 'recover'],
    [['lifecycle', 'revoke-on'], 'revoke-on'],
    [['generate', 'token', 'key'], 'key'],
  ])('S1.5 S1.6 what must be said cannot be left out: %j', (path, key) => {
    expect(messages(edited(CI, (document) => document.deleteIn(path)))).toContain(`\`${key}\` is missing`);
  });
});

describe('S3.14 whatever is wrong is said', () => {
  test.each(ACME_FLOWS)('$path: every value of another kind is an error', ({ text }) => {
    const accepted: string[] = [];
    for (const path of membersOf(text)) {
      for (const wrong of [{ zz: 1 }, null, 1e15]) {
        if (hashOf(edited(text, (document) => document.setIn(path, wrong))) !== null)
          accepted.push(`${path.join('.')} ${JSON.stringify(wrong)}`);
      }
    }
    expect(accepted).toEqual([]);
  });

  test.each(ACME_FLOWS)(
    '$path: every unknown key is an error at its place, wherever it stands',
    ({ text }) => {
      let maps = 0;
      const unsaid: string[] = [];
      visit(parseDocument(text), {
        Map(_, node) {
          const at = node.range![0];
          const put = edited(text, (document) => {
            visit(document, {
              Map(__, same) {
                if ((same as YAMLMap.Parsed).range?.[0] === at) same.set('zz-unknown', 1);
              },
            });
          });
          maps++;
          if (hashOf(put) !== null) unsaid.push(String(node));
        },
      });
      expect(unsaid).toEqual([]);
      expect(maps).toBeGreaterThan(15);
    },
  );

  test.each([
    ['unattended', 'unatended'],
    ['approval', 'aproval'],
    ['lifecycle', 'life-cycle'],
    ['policy', 'polcy'],
  ])('a key misspelt is helped: %s', (key, wrong) => {
    expect(messages(changed(CI, `\n${key}:`, `\n${wrong}:`))).toContain(
      `unknown key \`${wrong}\`; did you mean \`${key}\`?`,
    );
  });

  test.each([
    ['min-assurance', 'min_assurance'],
    ['max-age: 5m\n      match', 'maxage: 5m\n      match'],
    ['human-visible', 'human-visable'],
    ['max-lifetime', 'maxlifetime'],
    ['revoke-on', 'revoke_on'],
    ['forbid:', 'forbids:'],
    ['because: deploy', 'becuse: deploy'],
  ])('and so within a stage: %s', (right, wrong) => {
    expect(messages(changed(CI, right, wrong))).toContainEqual(expect.stringContaining('did you mean'));
  });
});

describe('what stands in a flow is what is compiled', () => {
  test('S0.2 left out, the safe defaults hold', () => {
    const { flow: compiled } = compileText(
      changed(
        changed(changed(CI, ', not: [requester, actor]', ''), ', human-visible: never', ''),
        ', default: 10m',
        '',
      ),
    );
    expect(compiled!.definition.approval[0]!.require.not).toEqual(['requester']);
    expect(compiled!.definition.deliver.humanVisible).toBe('never');
    expect(compiled!.definition.request.ttl).toEqual({ max: 900, default: 900 });
    expect(compiled!.definition.proof.proofs[0]!.role).toBe('subject');
  });

  test('F1 excluding nobody must be said aloud', () => {
    const { flow: compiled } = compileText(changed(CI, 'not: [requester, actor]', 'not: none'));
    expect(compiled!.definition.approval[0]!.require.not).toEqual([]);
  });

  test('S1.1 each kind of credential has its parameters, and no other', () => {
    const of = (kind: string, parameters: string): readonly string[] =>
      messages(
        changed(
          changed(CI, 'issues: token', `issues: ${kind}`),
          /generate:\n {2}token: .*\n/.exec(CI)![0],
          `generate: { ${kind}: ${parameters} }\n`,
        ),
      );
    for (const [kind, parameters] of [
      ['x509', '{ ca: ca/a, key: on-device, san: identity.uri, eku: [clientAuth] }'],
      ['ssh', '{ ca: ca/a, principals: [deploy] }'],
      ['api-key', '{ prefix: acme }'],
      ['password', '{}'],
      ['database', '{ role: reader }'],
      ['identity', '{}'],
      ['revalidate', '{}'],
    ] as const) {
      expect([kind, of(kind, parameters)]).toEqual([kind, []]);
      expect(of(kind, parameters === '{}' ? '{ zz: a }' : parameters.replace('{ ', '{ zz: a, '))).toContain(
        'unknown key `zz`',
      );
      expect(of(kind, '[a]')).toContain('expected a map, found a list');
    }
    expect(of('ssh', '{ ca: ca/a }')).toEqual(['`principals` is missing']);
    const needs = (name: string): string =>
      `a flow for changes needs the field \`${name}: { type: string, required: true }\``;
    expect(of('change', '{}')).toEqual([needs('base'), needs('set')]);
  });

  test('S3.14 every path that conditions, matches and parameters read is known', () => {
    const { flow: compiled } = compileText(CI);
    expect(compiled!.reads).toEqual([
      'evidence.github.environment',
      'evidence.github.event_name',
      'evidence.github.ref',
      'evidence.github.ref_protected',
      'evidence.github.repository',
      'evidence.github.repository_id',
      'evidence.github.runner_environment',
      'facts.change_window',
      'identity.uri',
      'request.scopes',
      'request.target',
    ]);
  });

  test('an evidence alternative may be absent, so it is asked for with `has`', () => {
    const second =
      '\n    - id: gitlab\n      anchor: gitlab-ci/acme\n      max-age: 5m\n      match: { project_id: "1" }\n\npolicy:';
    const two = changed(CI, '\n\npolicy:', second);
    expect(messages(two)[0]).toContain(
      'unable to guarantee safety of access to optional attribute `evidence.github`',
    );
    const all = changed(two, '  any:', '  all:');
    expect(messages(all)).toEqual([]);
  });

  test('a claim that is matched is there, one that is not may be absent', () => {
    const reading = changed(CI, 'request.target == "staging"', 'evidence.github.environment == "staging"');
    expect(messages(reading)).toEqual([]);
    expect(messages(changed(reading, '        environment: production\n', ''))[0]).toContain(
      'optional attribute `evidence.github.environment`',
    );
  });

  test('scalars of YAML that look alike are told apart', () => {
    expect(isScalar(parseDocument('a: "1"').get('a', true))).toBe(true);
    expect(messages(changed(CI, 'tier: 1', 'tier: "1"'))).toContain('expected one of 0, 1, 2, 3, found `1`');
  });
});
