import {
  type AttributeType,
  conforms,
  Datetime,
  Duration,
  type FactSource,
  type HttpSource,
  parseDuration,
  parseInstant,
  type StaticSource,
  toSet,
  type Value,
} from '@writ/core';
import { parseExtension } from '../condition/extension.ts';
import { attributeType } from '../definition/attribute-type.ts';
import { pathName } from '../definition/names.ts';
import { describe, member, type Node } from '../document/node.ts';
import {
  choice,
  duration,
  formed,
  list,
  object,
  optional,
  refine,
  required,
  type Shape,
  text,
} from '../document/shape.ts';
import { publicJwk } from './audience.ts';
import { templateProblem } from './url-template.ts';

/** Seconds. */
const USUAL_TIMEOUT = 2;
const LONGEST_TIMEOUT = 30;

const anything: Shape<Node> = (node) => node;

const staticSource: Shape<StaticSource> = refine(
  object({
    name: required(pathName),
    kind: required(choice(['static'])),
    type: required(attributeType),
    value: required(anything),
    note: optional(text, null),
  }),
  (fields, node, report) => {
    const value = valueOf(fields.value, fields.type);
    if (value === undefined || !conforms(value, fields.type)) {
      report(member(node, 'value')?.at ?? node.at, `${describe(fields.value)} is not of the declared type`);
      return undefined;
    }
    return { name: fields.name, kind: fields.kind, type: fields.type, value };
  },
);

const url: Shape<string> = refine(text, (template, node, report) => {
  const problem = templateProblem(template);
  if (problem === null) return template;
  report(node.at, problem);
  return undefined;
});

const pin = formed(
  /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/,
  'the SHA-256 of the server’s public key (SubjectPublicKeyInfo) in base64',
);

const httpSource: Shape<HttpSource> = refine(
  object({
    name: required(pathName),
    kind: required(choice(['http'])),
    type: required(attributeType),
    url: required(url),
    'max-age': required(duration),
    keys: optional(list(publicJwk, 16), null),
    pin: optional(pin, null),
    'private-addresses': optional(choice(['allowed', 'refused']), 'refused' as const),
    timeout: optional(duration, USUAL_TIMEOUT),
    note: optional(text, null),
  }),
  (fields, node, report) => {
    const { keys, pin: pinned, timeout } = fields;
    const https = fields.url.startsWith('https:');
    const privateAddresses = fields['private-addresses'] === 'allowed';
    if (keys === null && pinned === null) {
      report(node.at, 'an http source must be signed or pinned: give `keys`, or https and `pin`');
    }
    if (keys?.length === 0) report(node.at, '`keys` is empty: no answer could be signed by one of them');
    if (keys !== null && new Set(keys.map(({ kid }) => kid)).size < keys.length) {
      report(node.at, 'two keys have the same `kid`');
    }
    if (pinned !== null && !https) report(node.at, '`pin` is the key of a TLS server: it needs an https url');
    if (!https && !privateAddresses) {
      report(node.at, 'http reaches loopback alone: use https, or say `private-addresses: allowed`');
    }
    if (timeout > LONGEST_TIMEOUT) report(node.at, `\`timeout\` is over ${LONGEST_TIMEOUT}s`);
    const { name, kind, type, 'max-age': maxAge } = fields;
    return { name, kind, type, url: fields.url, maxAge, keys, pin: pinned, privateAddresses, timeout };
  },
);

const anyKind = choice(['static', 'http']);

/** Its `kind` says what else it has. */
const source: Shape<FactSource> = (node, report) => {
  const stated = member(node, 'kind');
  const kind = stated === undefined ? 'static' : anyKind(stated, report);
  if (kind === undefined) return undefined;
  return kind === 'http' ? httpSource(node, report) : staticSource(node, report);
};

function valueOf(node: Node, type: AttributeType): Value | undefined {
  if (node.kind === 'list') {
    const members = node.items.map((item) => (item.kind === 'scalar' ? item.value : null));
    return members.every((item) => typeof item === 'string') ? toSet(members) : undefined;
  }
  if (node.kind === 'map') {
    if (type.type !== 'record') return undefined;
    const entries: [string, Value][] = [];
    for (const { key, value } of node.entries) {
      const inner = Object.hasOwn(type.members, key) ? type.members[key] : undefined;
      const read = inner === undefined ? undefined : valueOf(value, inner);
      if (read === undefined) return undefined;
      entries.push([key, read]);
    }
    return Object.fromEntries(entries);
  }
  return scalarOf(node.value, type);
}

function scalarOf(value: string | number | boolean | null, type: AttributeType): Value | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'string') return value;
  switch (type.type) {
    case 'duration': {
      const seconds = parseDuration(value);
      return seconds === null ? undefined : new Duration(seconds * 1000);
    }
    case 'datetime': {
      const ms = parseInstant(value);
      return ms === null ? undefined : new Datetime(ms);
    }
    case 'decimal':
      return parseExtension('decimal', value) ?? undefined;
    default:
      return value;
  }
}

export const sourcesShape: Shape<readonly FactSource[]> = refine(
  object({ writ: required(choice(['sources/v1'])), sources: required(list(source)) }),
  (value) => value.sources,
);
