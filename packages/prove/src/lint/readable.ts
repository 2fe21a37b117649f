import type { AttributeType } from '@writ/core';
import { attributesOf } from '../domain/domains.ts';
import { atomsOf, type Formula } from '../formula/formula.ts';
import type { Attribute } from '../formula/vocabulary.ts';
import * as names from '../model/names.ts';
import { IDENTITY_TYPES, KIND_TYPES, leavesOf } from '../model/paths.ts';
import type { Inquiry } from './inquiry.ts';

/** Something that conditions read and that whoever asks does not choose. */
export interface Readable {
  /** as conditions name it: `evidence.github.ref`, `facts.risk.score` */
  readonly path: string;
  /** as the model names it */
  readonly name: string;
  readonly attribute: Attribute;
  /** the only texts it can be, or null */
  readonly oneOf: readonly string[] | null;
}

/** What a flow's conditions can read besides the request itself. */
export function readablesOf(inquiry: Inquiry): readonly Readable[] {
  const { side, vocabulary, scope } = inquiry;
  const read = (path: readonly string[], name: string, type: AttributeType | null): readonly Readable[] => {
    if (!vocabulary.has(name)) return [];
    const oneOf = type?.type === 'string' ? (type.oneOf ?? null) : null;
    return [{ path: path.join('.'), name, attribute: vocabulary.get(name), oneOf }];
  };
  const facts = Object.entries(side.flow.definition.facts).flatMap(([id, { source, type }]) =>
    leavesOf(type).flatMap((leaf) =>
      read(['facts', id, ...leaf.path], names.sourceLeaf(source, leaf.path, leaf.type.type), leaf.type),
    ),
  );
  const evidence = scope.proofs.flatMap((proof) =>
    Object.entries(side.around.anchors.get(proof.anchor)?.claims ?? {}).flatMap(([claim, { type }]) =>
      leavesOf(type).flatMap((leaf) => {
        const path = [claim, ...leaf.path];
        const name = names.claimAttribute(names.slotOf(proof), path.join('.'));
        return read(['evidence', proof.id, ...path], name, leaf.type);
      }),
    ),
  );
  const identity = [...Object.keys(IDENTITY_TYPES), ...Object.keys(KIND_TYPES)].flatMap((name) =>
    read(['identity', name], names.identityAttribute(name), null),
  );
  return [...facts, ...evidence, ...identity];
}

/** Whether a statement says anything of an attribute. */
export function speaksOf(formula: Formula, name: string): boolean {
  return atomsOf([formula]).some((each) => attributesOf(each).includes(name));
}
