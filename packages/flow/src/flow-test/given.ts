import type { Json } from '@writ/core';
import type { Node } from '../document/node.ts';
import { formed, list, object, optional, refine, required, type Shape, text } from '../document/shape.ts';
import type { Given } from './flow-test.ts';

const ROOTS =
  /^(?:(?:request|identity|facts|evidence)(?:\.[A-Za-z_][A-Za-z0-9_-]*)+|(?:age|assurance)\.[a-z][a-z0-9_]*|rights|holder|now)$/;

/** What of a fixture a test changes: `request.ttl`, `evidence.github.ref`, `evidence.github`, `age.github`, `holder`. */
export const paths: Shape<string> = formed(
  ROOTS,
  'a path such as `request.ttl`, `identity.owner`, `evidence.github.ref`, `facts.change_window`, `age.github`, `assurance.github`, `rights`, `holder` or `now`',
);

/** Any value of a document, as JSON. */
export const json: Shape<Json> = (node) => jsonOf(node);

/** A part of a document as JSON. */
export function jsonOf(node: Node): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(jsonOf);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, jsonOf(value)]));
}

/** Values by path. */
export const values: Shape<Readonly<Record<string, Json>>> = (node, report) => {
  if (node.kind !== 'map') {
    report(node.at, 'expected a map of paths and values');
    return undefined;
  }
  let sound = true;
  for (const { key, keyAt } of node.entries) {
    if (ROOTS.test(key)) continue;
    report(
      keyAt,
      `\`${key}\` is no path; expected one such as \`request.ttl\`, \`evidence.github.ref\` or \`facts.change_window\``,
    );
    sound = false;
  }
  return sound ? Object.fromEntries(node.entries.map(({ key, value }) => [key, jsonOf(value)])) : undefined;
};

/** The name of a fixture, or a fixture with something changed. */
export const given: Shape<Given> = (node, report) => {
  if (node.kind === 'scalar') {
    const from = text(node, report);
    return from === undefined ? undefined : { from, with: {}, without: [] };
  }
  return refine(
    object({
      from: required(text),
      with: optional(values, {}),
      without: optional(list(paths), []),
    }),
    (value) => value,
  )(node, report);
};
