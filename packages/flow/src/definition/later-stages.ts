import { describe } from '../document/node.ts';
import {
  choice,
  duration,
  flag,
  formed,
  list,
  object,
  optional,
  refine,
  required,
  type Shape,
  text,
} from '../document/shape.ts';
import {
  ACTS,
  type ActivateDefinition,
  CREDENTIAL_KINDS,
  type FlowDefinition,
  type GenerateDefinition,
  type Issues,
  type LifecycleDefinition,
  POPS,
  REVOKE_EVENTS,
} from './definition.ts';
import { factPath, name, pathName } from './names.ts';

const values: Shape<string | readonly string[]> = (node, report) =>
  node.kind === 'list' ? list(text)(node, report) : text(node, report);

type Parameters = Readonly<Record<string, string | readonly string[]>>;

function parameters(required_: readonly string[], optional_: readonly string[]): Shape<Parameters> {
  return (node, report) => {
    const found: Record<string, string | readonly string[]> = {};
    if (node.kind !== 'map') {
      report(node.at, `expected a map, found ${describe(node)}`);
      return undefined;
    }
    for (const entry of node.entries) {
      if (![...required_, ...optional_].includes(entry.key))
        report(entry.keyAt, `unknown key \`${entry.key}\``);
      const value = values(entry.value, report);
      if (value !== undefined) found[entry.key] = value;
    }
    for (const key of required_) if (!Object.hasOwn(found, key)) report(node.at, `\`${key}\` is missing`);
    return found;
  };
}

const token: Shape<Parameters> = refine(
  parameters(['format', 'alg', 'key', 'subject'], ['act']),
  (value, node, report) => {
    if (value['format'] !== 'jwt') report(node.at, '`format` must be jwt');
    if (value['alg'] !== 'ES256') report(node.at, '`alg` must be ES256; no other is built');
    for (const key of ['subject', 'act']) {
      const entry = node.kind === 'map' ? node.entries.find((candidate) => candidate.key === key) : undefined;
      if (entry !== undefined) factPath(entry.value, report);
    }
    return value;
  },
);

const GENERATORS: Readonly<Record<Issues, Shape<Parameters>>> = {
  token,
  x509: parameters(['ca', 'key', 'san', 'eku'], ['key-attestation']),
  ssh: parameters(['ca', 'principals'], ['extensions', 'key']),
  'api-key': parameters(['prefix'], []),
  password: parameters([], ['length']),
  database: parameters(['role'], []),
  identity: parameters([], []),
  change: parameters([], []),
  revalidate: parameters([], []),
};

/** Exactly one kind, with that kind's parameters. */
export const generate: Shape<GenerateDefinition> = (node, report) => {
  const [entry, ...more] = node.kind === 'map' ? node.entries : [];
  const kind = [...CREDENTIAL_KINDS, ...ACTS].find((candidate) => candidate === entry?.key);
  if (entry === undefined || more.length > 0 || kind === undefined) {
    report(node.at, `expected exactly one of ${Object.keys(GENERATORS).join(', ')}`);
    return undefined;
  }
  const read = GENERATORS[kind](entry.value, report);
  return read === undefined ? undefined : { kind, parameters: read };
};

export const bind: Shape<FlowDefinition<never>['bind']> = object({
  pop: required(list(choice(POPS))),
  source: optional(object({ cidr: required(factPath) }), null),
});

export const deliver: Shape<FlowDefinition<never>['deliver']> = refine(
  object({
    to: required(list(pathName)),
    'human-visible': optional(choice(['never', 'allowed']), 'never' as const),
  }),
  (value) => ({ to: value.to, humanVisible: value['human-visible'] }),
);

const excluded: Shape<readonly string[]> = (node, report) =>
  node.kind === 'scalar' && node.value === 'none'
    ? []
    : list(choice(['requester', 'owner', 'actor']))(node, report);

export const activate: Shape<ActivateDefinition> = refine(
  object({
    when: required(choice(['issued', 'confirmed', 'proven'])),
    by: optional(name, null),
    not: optional(excluded, ['requester']),
    shows: optional(list(formed(/^(?:(?:request|identity)\.[a-z][a-z0-9_-]*|expiry)$/, 'a path')), []),
    within: optional(duration, null),
  }),
  (value, node, report) => {
    if (value.when !== 'issued' && (value.by === null || value.within === null)) {
      report(node.at, `\`when: ${value.when}\` needs \`by\` and \`within\``);
    }
    return value;
  },
);

const revokeOn: Shape<string> = (node, report) => {
  const value = node.kind === 'scalar' ? node.value : null;
  if (REVOKE_EVENTS.some((event) => event === value)) return text(node, report);
  return formed(/^unused-for-[1-9]\d{0,4}[dhm]$/, `one of ${REVOKE_EVENTS.join(', ')}, unused-for-30d`)(
    node,
    report,
  );
};

const recover: Shape<LifecycleDefinition['recover']> = (node, report) => {
  if (node.kind === 'scalar' && node.value === 'none') return 'none';
  return object({ after: required(choice(['old-verified-dead'])), hold: required(choice(['evidence'])) })(
    node,
    report,
  );
};

export const lifecycle: Shape<LifecycleDefinition> = refine(
  object({
    renewable: required(flag),
    'renew-window': optional(duration, null),
    'rotate-every': optional(duration, null),
    overlap: optional(duration, null),
    'max-lifetime': required(duration),
    'review-every': optional(duration, null),
    recover: required(recover),
    'revoke-on': required(list(revokeOn)),
  }),
  (value) => ({
    renewable: value.renewable,
    renewWindow: value['renew-window'],
    rotateEvery: value['rotate-every'],
    overlap: value.overlap,
    maxLifetime: value['max-lifetime'],
    reviewEvery: value['review-every'],
    recover: value.recover,
    revokeOn: value['revoke-on'],
  }),
);
