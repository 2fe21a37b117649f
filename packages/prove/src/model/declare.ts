import { IDENTITY_KINDS, IDENTITY_STATUSES } from '@writ/core';
import type { Vocabulary } from '../formula/vocabulary.ts';
import type { Side } from './model.ts';
import * as names from './names.ts';
import { attributeOf, IDENTITY_TYPES, KIND_TYPES, kindOfField, leavesOf } from './paths.ts';

/** Everything that one side can tell apart. Both sides declare before either is compiled. */
export function declare(vocabulary: Vocabulary, side: Side, other: Side): void {
  declareRequest(vocabulary, side, other);
  declareIdentity(vocabulary);
  declareEvidence(vocabulary, side, other);
  declareSources(vocabulary, side, other);
  declareLater(vocabulary, side);
}

function declareRequest(vocabulary: Vocabulary, { flow, around }: Side, other: Side): void {
  vocabulary.declare(names.AUDIENCE, 'text');
  vocabulary.declare(names.SCOPES, 'set');
  vocabulary.declare(names.TTL, 'number', { unit: 'duration', step: 1000, least: 1000 });
  vocabulary.declare(names.LIFETIME, 'number', { unit: 'duration', step: 1000, least: 1000 });
  vocabulary.declare(names.BINDING, 'text', { closed: ['dpop', 'mtls', 'tpm-key', 'none'] });
  vocabulary.declare(names.RUN_AGE, 'number', { unit: 'seconds', least: 0 });
  vocabulary.declare(names.NOW, 'number', { unit: 'datetime', least: 0 });
  const rights = [around.rights, other.around.rights].flatMap((each) => [...(each?.values() ?? [])]);
  vocabulary.declare(names.IDENTITY_NAME, 'text', {
    closed: [...new Set([...rights.map(({ identity }) => identity), 'some-identity'])],
  });
  const others = other.flow.definition.request.fields;
  for (const [name, field] of Object.entries(flow.definition.request.fields)) {
    const theirs = Object.hasOwn(others, name) ? others[name] : undefined;
    const optional = !field.required || theirs?.type !== field.type;
    vocabulary.declare(names.fieldAttribute(name, field.type), kindOfField(field.type), { optional });
    vocabulary.declare(names.beyondAttribute(name), 'flag');
  }
}

function declareIdentity(vocabulary: Vocabulary): void {
  for (const [name, type] of Object.entries(IDENTITY_TYPES)) {
    const { kind, unit } = attributeOf(type);
    const closed = name === 'kind' ? IDENTITY_KINDS : name === 'status' ? IDENTITY_STATUSES : null;
    const least = name === 'revision' ? 1 : name === 'expires' ? 0 : null;
    vocabulary.declare(names.identityAttribute(name), kind, { unit, closed, least });
  }
  for (const [name, type] of Object.entries(KIND_TYPES)) {
    vocabulary.declare(names.identityAttribute(name), attributeOf(type).kind, { optional: true });
  }
  vocabulary.declare(names.OWNER_KNOWN, 'flag');
  vocabulary.declare(names.DEPUTY_KNOWN, 'flag');
}

function declareEvidence(vocabulary: Vocabulary, side: Side, other: Side): void {
  const groups = [side, other].flatMap(({ flow }) => {
    const { by } = flow.definition.request;
    return 'from' in by ? [by.from] : [];
  });
  for (const proof of side.flow.definition.proof.proofs) {
    const slot = names.slotOf(proof);
    vocabulary.declare(names.evidenceAge(slot), 'number', { unit: 'seconds', least: 0, optional: true });
    vocabulary.declare(names.evidenceAssurance(slot), 'text', { closed: ['1', '2', '3'] });
    vocabulary.declare(names.evidencePerson(slot), 'flag');
    vocabulary.declare(names.evidenceActor(slot), 'flag');
    for (const group of groups) vocabulary.declare(names.evidenceMember(slot, group), 'flag');
    const schema = side.around.anchors.get(proof.anchor)?.claims ?? {};
    for (const [claim, { type, required }] of Object.entries(schema)) {
      for (const leaf of leavesOf(type)) {
        const { kind, unit } = attributeOf(leaf.type.type);
        const closed = leaf.type.type === 'string' ? (leaf.type.oneOf ?? null) : null;
        const name = names.claimAttribute(slot, [claim, ...leaf.path].join('.'));
        vocabulary.declare(name, kind, { unit, closed, optional: !required });
      }
    }
  }
}

function declareSources(vocabulary: Vocabulary, side: Side, other: Side): void {
  const leaves = (each: Side, source: string): ReadonlySet<string> =>
    new Set(
      Object.values(each.flow.definition.facts)
        .filter((fact) => fact.source === source)
        .flatMap((fact) =>
          leavesOf(fact.type).map(({ path, type }) => names.sourceLeaf(source, path, type.type)),
        ),
    );
  for (const { source, type } of Object.values(side.flow.definition.facts)) {
    vocabulary.declare(names.sourceAge(source), 'number', { unit: 'seconds', least: 0, optional: true });
    const theirs = leaves(other, source);
    for (const leaf of leavesOf(type)) {
      const name = names.sourceLeaf(source, leaf.path, leaf.type.type);
      const { kind, unit } = attributeOf(leaf.type.type);
      vocabulary.declare(name, kind, { unit, optional: !theirs.has(name) });
    }
  }
}

function declareLater(vocabulary: Vocabulary, { flow }: Side): void {
  const { definition } = flow;
  const { LATER } = names;
  vocabulary.declare(LATER.kind, 'text');
  vocabulary.declare(LATER.delivery, 'text');
  for (const name of [LATER.humanVisible, LATER.renewed, LATER.recovered]) vocabulary.declare(name, 'flag');
  const times = [
    LATER.activationDelay,
    LATER.sinceReview,
    LATER.sinceRotation,
    LATER.sinceSuperseded,
    LATER.sinceUse,
    LATER.leftAtRenewal,
  ];
  for (const name of times) vocabulary.declare(name, 'number', { unit: 'seconds', least: 0 });
  for (const name of Object.keys(definition.generate.parameters)) {
    vocabulary.declare(names.parameterAttribute(name), 'text', { optional: true });
  }
  if (definition.bind.source !== null)
    vocabulary.declare(names.insideAttribute(definition.bind.source.cidr), 'flag');
  for (const event of definition.lifecycle.revokeOn) vocabulary.declare(names.eventAttribute(event), 'flag');
}
