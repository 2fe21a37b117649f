import { type Json, WritError } from '@writ/core';
import type { Fixture, FlowDefinition, Given } from '@writ/flow';
import { text } from './identity.ts';

/** What a fixture puts beside the artefacts of the directory. */
export interface Beside {
  /** groups by person */
  readonly people: Readonly<Record<string, readonly string[]>>;
  /** a right to all that this flow issues, for this identity, instead of those it has */
  readonly wide: { readonly identity: string; readonly flow: string } | null;
  /** how far anchors are believed, where it is not what they say */
  readonly assurances: Readonly<Record<string, number>>;
}

/** What stands around a test. @throws WritError `invalid` for what cannot */
export function besideOf(fixture: Fixture, given: Given, flow: FlowDefinition<unknown>): Beside {
  const { people, identity, wideRights } = fixture;
  const rights = given.with['rights'];
  if (rights !== undefined && rights !== 'wide' && rights !== 'as-granted')
    throw new WritError('invalid', '`rights` is `wide` or `as-granted`');
  const wide = rights === undefined ? wideRights : rights === 'wide';
  const assurances = Object.entries(given.with).flatMap(([path, value]): [string, number][] => {
    if (!path.startsWith('assurance.')) return [];
    const proof = flow.proof.proofs.find(({ id }) => path === `assurance.${id}`);
    if (proof === undefined) throw new WritError('invalid', `\`${path}\`: the flow has no such proof`);
    return [[proof.anchor, levelOf(path, value)]];
  });
  return {
    people,
    wide: wide ? { identity: text('identity.id', identity['id']), flow: flow.name } : null,
    assurances: Object.fromEntries(assurances),
  };
}

function levelOf(path: string, value: Json): number {
  if (value !== 1 && value !== 2 && value !== 3) throw new WritError('invalid', `\`${path}\` is 1, 2 or 3`);
  return value;
}
