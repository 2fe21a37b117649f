import type { AttributeType } from '@writ/core';
import { describe, type Node } from '../document/node.ts';
import { list, type Report, type Shape, text } from '../document/shape.ts';

const SCALARS = ['string', 'long', 'bool', 'set', 'duration', 'datetime', 'decimal'] as const;

/** A type as files write it: `string`, `{ one-of: [open, closed] }`, or a map of member names to types. */
export const attributeType: Shape<AttributeType> = (node: Node, report: Report) => {
  if (node.kind === 'scalar') {
    const type = SCALARS.find((candidate) => candidate === node.value);
    if (type === undefined) report(node.at, `expected one of ${SCALARS.join(', ')}, found ${describe(node)}`);
    return type === undefined ? undefined : { type };
  }
  if (node.kind === 'list') {
    report(node.at, 'expected a type, found a list');
    return undefined;
  }
  const [first] = node.entries;
  if (node.entries.length === 1 && first?.key === 'one-of') {
    const oneOf = list(text)(first.value, report);
    return oneOf === undefined ? undefined : { type: 'string', oneOf };
  }
  const members: Record<string, AttributeType> = {};
  for (const entry of node.entries) {
    if (!/^[a-z][a-z0-9_]*$/.test(entry.key)) report(entry.keyAt, `\`${entry.key}\` is not a name`);
    const type = attributeType(entry.value, report);
    if (type !== undefined) members[entry.key] = type;
  }
  return { type: 'record', members };
};
