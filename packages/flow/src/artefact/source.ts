import {
  type AttributeType,
  conforms,
  Datetime,
  Duration,
  parseDuration,
  parseInstant,
  toSet,
  type Value,
} from '@writ/core';
import { parseExtension } from '../condition/extension.ts';
import { attributeType } from '../definition/attribute-type.ts';
import { pathName } from '../definition/names.ts';
import { describe, member, type Node } from '../document/node.ts';
import { choice, list, object, optional, refine, required, type Shape, text } from '../document/shape.ts';

/** A place facts come from. `static`: a typed value of the artefact set itself, observed whenever a decision is made. */
export interface FactSource {
  readonly name: string;
  readonly kind: 'static';
  readonly type: AttributeType;
  readonly value: Value;
}

const anything: Shape<Node> = (node) => node;

const source: Shape<FactSource> = refine(
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
