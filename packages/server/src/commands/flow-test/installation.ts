import { type Identity, type Json, type Value, WritError } from '@writ/core';
import {
  type ArtefactSet,
  formatProblem,
  jsonOf,
  loadSet,
  member,
  parseYaml,
  type SourceFile,
} from '@writ/flow';
import { sha256 } from '../../compose.ts';
import type { Beside } from './beside.ts';
import { membersOf } from './situation.ts';

/** The artefacts of a directory as tests are decided by them. */
export interface TestInstallation {
  readonly set: ArtefactSet;
  readonly files: readonly SourceFile[];
  readonly identities: readonly Identity[];
  /** what static sources say where a fixture gives nothing */
  readonly constants: ReadonlyMap<string, Value>;
}

/** A pin that no server has: no source of a test is asked over the network. */
const NO_PIN = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

/**
 * The artefacts of a directory, in which every fact source is one that is asked, so that a test can say what it answers; and
 * with the people of a fixture beside its own.
 * @throws WritError `invalid` naming every mistake
 */
export function testInstallation(files: readonly SourceFile[], beside: Beside): TestInstallation {
  const plain = loaded(files);
  const constants = new Map<string, Value>();
  for (const source of plain.set.sources.values())
    if (source.kind === 'static') constants.set(source.name, source.value);
  const edited = [
    ...files.map((file) => editedFile(file, beside, plain.set)),
    ...(beside.wide === null ? [] : [wideRights(plain.set, beside.wide)]),
  ];
  return { ...loaded(edited), files: edited, constants };
}

function loaded(files: readonly SourceFile[]): Pick<TestInstallation, 'set' | 'identities'> {
  const { set, identities, problems } = loadSet(files, sha256);
  if (set === null) throw new WritError('invalid', problems.map(formatProblem).join('\n'));
  return { set, identities };
}

function editedFile(file: SourceFile, beside: Beside, set: ArtefactSet): SourceFile {
  const { root } = parseYaml(file.path, file.text);
  const header = root === null ? undefined : member(root, 'writ');
  const kind = header?.kind === 'scalar' ? header.value : null;
  if (root === null) return file;
  const document = membersOf(file.path, jsonOf(root));
  const rewritten = rewrite(kind, document, beside, set);
  return rewritten === null ? file : { path: file.path, text: `${JSON.stringify(rewritten, null, 1)}\n` };
}

function rewrite(
  kind: unknown,
  document: Readonly<Record<string, Json>>,
  { people, wide, assurances }: Beside,
  set: ArtefactSet,
): object | null {
  const items = (name: string): readonly Readonly<Record<string, Json>>[] => {
    const list = document[name];
    return Array.isArray(list) ? list.map((each: Json) => membersOf(name, each)) : [];
  };
  if (kind === 'sources/v1') return { ...document, sources: items('sources').map(asked) };
  if (kind === 'anchor/v1') {
    const { anchor } = document;
    const assurance = typeof anchor === 'string' ? assurances[anchor] : undefined;
    return assurance === undefined ? null : { ...document, assurance };
  }
  if (kind === 'rights/v1' && wide !== null) {
    const others = items('rights').filter(
      ({ identity, flow }) => identity !== wide.identity || flow !== wide.flow,
    );
    return { ...document, rights: others };
  }
  if (Object.keys(people).length === 0) return null;
  if (kind === 'people/v1') {
    const fresh = Object.keys(people).filter((id) => !set.people.some((each) => each.id === id));
    return { ...document, people: [...items('people'), ...fresh.map((id) => personOf(id, set))] };
  }
  if (kind !== 'groups/v1') return null;
  const groups = items('groups').map((group) => {
    const { id, members } = group;
    const own: readonly Json[] = Array.isArray(members) ? members : [];
    const more = Object.keys(people).filter((each) => people[each]?.some((name) => name === id) === true);
    return { ...group, members: [...new Set([...own, ...more])] };
  });
  return { ...document, groups };
}

/** As wide as the flow, and longer: what bounds a request is then the flow. */
function wideRights(
  { flows, audiences }: ArtefactSet,
  { identity, flow }: NonNullable<Beside['wide']>,
): SourceFile {
  const request = flows.get(flow)?.definition.request;
  const known = (request?.audience ?? []).filter((audience) => audiences.has(audience));
  const rights = known.map((audience, i) => ({
    id: `flow-test-${i}`,
    owner: audiences.get(audience)?.owner,
    authority: 'a flow test',
    identity,
    flow,
    audience,
    scopes: request?.scopes,
    'max-ttl': `${(request?.ttl.max ?? 1) * 4}s`,
    expires: '2100-01-01T00:00:00Z',
    revocation: 'introspection',
  }));
  return { path: 'flow-test/rights.yaml', text: JSON.stringify({ writ: 'rights/v1', rights }, null, 1) };
}

function asked({ name, type }: Readonly<Record<string, Json>>): object {
  return { name, kind: 'http', type, url: 'https://flow-test.invalid/', 'max-age': '1s', pin: NO_PIN };
}

/** Somebody whom every identity provider that people sign in at knows by their name. */
function personOf(id: string, set: ArtefactSet): object {
  const issuers = [...set.anchors.values()].filter(({ kind }) => kind === 'oidc').map(({ issuer }) => issuer);
  return { id, name: id, subjects: issuers.map((issuer) => `${issuer}#${id.slice('user:'.length)}`) };
}
