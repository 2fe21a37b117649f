import type { Anchor, AttributeType, HttpSource } from '@writ/core';
import type { FlowDefinition } from '../definition/definition.ts';
import { templatePaths } from './url-template.ts';

/** Types whose values can stand in a URL. */
const WRITABLE: readonly AttributeType['type'][] = ['string', 'long'];

/** What a source's URL asks by and the flow does not have, in words. Every identity has what `identity.…` may name. */
export function askingProblems(
  source: HttpSource,
  flow: FlowDefinition<unknown>,
  anchors: ReadonlyMap<string, Anchor>,
): readonly string[] {
  return templatePaths(source.url)
    .filter((path) => !path.startsWith('identity.') && !isAskable(typeAt(path, flow, anchors)))
    .map((path) => `fact source ${source.name} asks by \`${path}\`, which is no text or number of this flow`);
}

function isAskable(type: AttributeType['type'] | undefined): boolean {
  return type !== undefined && WRITABLE.includes(type);
}

function typeAt(
  path: string,
  flow: FlowDefinition<unknown>,
  anchors: ReadonlyMap<string, Anchor>,
): AttributeType['type'] | undefined {
  const [root = '', name = '', claim = ''] = path.split('.');
  const { fields } = flow.request;
  if (root === 'request') return Object.hasOwn(fields, name) ? fields[name]?.type : undefined;
  const proof = flow.proof.proofs.find(({ id }) => id === name);
  const claims = proof === undefined ? undefined : anchors.get(proof.anchor)?.claims;
  return claims !== undefined && Object.hasOwn(claims, claim) ? claims[claim]?.type.type : undefined;
}
