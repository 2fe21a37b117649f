import type { Identity } from '@writ/core';

/** Every scope by which an issuance can be frozen, sorted. The decision reads all of them and the commit compares all of them. */
export function freezeScopesOf(touched: {
  readonly identity: Identity;
  readonly flow: string;
  readonly right: string;
  readonly anchors: readonly string[];
}): readonly string[] {
  const { identity } = touched;
  const scopes = new Set([
    'everything',
    `identity:${identity.name}`,
    `owner:${identity.owner}`,
    `flow:${touched.flow}`,
    `right:${touched.right}`,
    ...touched.anchors.map((anchor) => `anchor:${anchor}`),
  ]);
  if (identity.kind === 'integration') scopes.add(`integration:${identity.name}`);
  return [...scopes].sort();
}
