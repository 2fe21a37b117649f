import { type AttributeType, type ClaimSchema, type IdentityKind, KIND_ATTRIBUTES } from '@writ/core';
import type { FlowDefinition, ProofDefinition } from '../definition/definition.ts';

/** A Cedar type in the JSON schema format, with whether the attribute may be absent. */
export type CedarType =
  | { readonly type: 'String' | 'Long' | 'Boolean'; readonly required?: boolean }
  | { readonly type: 'Extension'; readonly name: string; readonly required?: boolean }
  | { readonly type: 'Set'; readonly element: CedarType; readonly required?: boolean }
  | {
      readonly type: 'Record';
      readonly attributes: Readonly<Record<string, CedarType>>;
      readonly required?: boolean;
    };

const TEXT = { type: 'String' } as const;
const TEXTS: CedarType = { type: 'Set', element: TEXT };

/**
 * The schema of one flow's conditions, made from the flow itself: required request fields and claims that every proof
 * guarantees are always there, so that Cedar's validator demands `has` only where a fact can truly be missing.
 */
export function contextType(
  flow: FlowDefinition<unknown>,
  claims: (anchor: string) => ClaimSchema,
): CedarType {
  return record({
    request: requestType(flow),
    identity: identityType(flow),
    evidence: evidenceType(flow, claims),
    facts: record(
      Object.fromEntries(Object.entries(flow.facts).map(([name, fact]) => [name, cedarType(fact.type)])),
    ),
  });
}

/** The whole schema document around a context. */
export function cedarSchema(context: CedarType): object {
  return {
    '': {
      entityTypes: { Writ: {} },
      actions: { decide: { appliesTo: { principalTypes: ['Writ'], resourceTypes: ['Writ'], context } } },
    },
  };
}

function requestType(flow: FlowDefinition<unknown>): CedarType {
  const fields: Record<string, CedarType> = {
    audience: TEXT,
    scopes: TEXTS,
    ttl: { type: 'Extension', name: 'duration' },
  };
  for (const [name, field] of Object.entries(flow.request.fields)) {
    fields[name] = { ...cedarType({ type: field.type }), required: field.required };
  }
  return record(fields);
}

function identityType(flow: FlowDefinition<unknown>): CedarType {
  const attributes: Record<string, CedarType> = {
    uri: TEXT,
    kind: TEXT,
    status: TEXT,
    owner: TEXT,
    deputy: TEXT,
    purpose: TEXT,
    environment: TEXT,
    expires: { type: 'Extension', name: 'datetime' },
    revision: { type: 'Long' },
    revision_reviewed: { type: 'Boolean' },
    previously_revoked: { type: 'Boolean' },
  };
  const kinds: readonly IdentityKind[] = 'kinds' in flow.request.by ? flow.request.by.kinds : [];
  for (const [kind, names] of Object.entries(KIND_ATTRIBUTES)) {
    for (const name of names) {
      const type: CedarType = name === 'data_sets' || name === 'commands' ? TEXTS : TEXT;
      attributes[name] = { ...type, required: kinds.length === 1 && kinds[0] === kind };
    }
  }
  return record(attributes);
}

function evidenceType(flow: FlowDefinition<unknown>, claims: (anchor: string) => ClaimSchema): CedarType {
  const { mode, proofs } = flow.proof;
  const attributes: Record<string, CedarType> = {};
  for (const proof of proofs) {
    attributes[proof.id] = {
      ...proofType(proof, claims(proof.anchor)),
      required: mode === 'all' || proofs.length === 1,
    };
  }
  return record(attributes);
}

function proofType(proof: ProofDefinition, schema: ClaimSchema): CedarType & { type: 'Record' } {
  const attributes: Record<string, CedarType> = {};
  for (const [name, claim] of Object.entries(schema)) {
    attributes[name] = {
      ...cedarType(claim.type),
      required: claim.required || Object.hasOwn(proof.match, name),
    };
  }
  return record(attributes);
}

function record(attributes: Readonly<Record<string, CedarType>>): CedarType & { type: 'Record' } {
  return { type: 'Record', attributes };
}

function cedarType(type: AttributeType): CedarType {
  switch (type.type) {
    case 'string':
      return TEXT;
    case 'long':
      return { type: 'Long' };
    case 'bool':
      return { type: 'Boolean' };
    case 'set':
      return TEXTS;
    case 'duration':
    case 'datetime':
    case 'decimal':
      return { type: 'Extension', name: type.type };
    case 'record':
      return record(
        Object.fromEntries(Object.entries(type.members).map(([name, inner]) => [name, cedarType(inner)])),
      );
  }
}
