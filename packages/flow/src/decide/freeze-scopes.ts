import type { Identity } from '@writ/core';

interface Touched {
  readonly identity: Identity;
  readonly flow: string;
  readonly right: string | null;
  readonly anchors: readonly string[];
}

interface Known extends Omit<Touched, 'identity'> {
  readonly scopes: readonly string[];
}

/** Scopes by identity: they are asked for several times in each issuance, and again in the next. */
const known = new WeakMap<Identity, Known[]>();
const MOST = 16;

/** Every scope by which an issuance can be frozen, sorted. The decision reads all of them and the commit compares all of them. */
export function freezeScopesOf(touched: Touched): readonly string[] {
  const { identity, flow, right, anchors } = touched;
  const ofIdentity = known.get(identity) ?? [];
  const found = ofIdentity.find(
    (each) => each.flow === flow && each.right === right && sameTexts(each.anchors, anchors),
  );
  if (found !== undefined) return found.scopes;
  const scopes = scopesOf(touched);
  known.set(identity, [{ flow, right, anchors, scopes }, ...ofIdentity].slice(0, MOST));
  return scopes;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}

function scopesOf(touched: Touched): readonly string[] {
  const { identity } = touched;
  const scopes = new Set([
    'everything',
    `identity:${identity.name}`,
    `owner:${identity.owner}`,
    `flow:${touched.flow}`,
    ...(touched.right === null ? [] : [`right:${touched.right}`]),
    ...touched.anchors.map((anchor) => `anchor:${anchor}`),
  ]);
  if (identity.kind === 'integration') scopes.add(`integration:${identity.name}`);
  return [...scopes].sort();
}
