import {
  type AttributeType,
  Datetime,
  Decimal,
  Duration,
  type Evidence,
  type Facts,
  type FieldValue,
  IDENTITY_KINDS,
  IDENTITY_STATUSES,
  type Identity,
  type KindAttributes,
  NO_ENTITLEMENT,
  type Observation,
  type Person,
  type Value,
} from '@writ/core';
import type { ProofDefinition } from '@writ/flow';
import * as names from '../model/names.ts';
import { attributeOf, KIND_TYPES, leavesOf } from '../model/paths.ts';
import type { Assignment } from '../solve/assignment.ts';
import { type Later, laterOf } from './later.ts';
import { type Act, peopleOf } from './people.ts';
import type { Scene } from './scene.ts';

/** A counter-example in concrete values: what is asked and proven, who acts, and what becomes of the credential. */
export interface Situation {
  readonly now: number;
  readonly openedAt: number;
  readonly request: Pick<Facts['request'], 'audience' | 'scopes' | 'fields'> & { readonly ttl: number };
  /** milliseconds since the first of the credentials it follows, or null where it follows none */
  readonly lived: number | null;
  readonly identity: Identity;
  readonly holder: Facts['holder'];
  readonly evidence: readonly Evidence[];
  readonly sources: Readonly<Record<string, Observation>>;
  readonly people: readonly Person[];
  readonly acts: readonly Act[];
  readonly later: Later;
}

/** When nothing says otherwise, it is noon of a day long ago: identities and rights then live on for years. */
const NOON = 1_577_880_000_000;
const LONG = 3_000_000_000_000;

export function situationOf(scene: Scene): Situation {
  const { assignment } = scene;
  const ttl = assignment.number(names.TTL, 60_000);
  const lifetime = assignment.number(names.LIFETIME, ttl);
  const expires = assignment.get(names.identityAttribute('expires'));
  const now = assignment.number(names.NOW, typeof expires === 'number' ? expires - ttl - 60_000 : NOON);
  const identity = identityOf(assignment, typeof expires === 'number' ? expires : now + LONG);
  const evidence = evidenceOf(scene, now);
  const pop = assignment.text(names.BINDING, 'dpop');
  const { people, acts } = peopleOf(scene, identity, evidence);
  return {
    now,
    openedAt: now - assignment.number(names.RUN_AGE, 0) * 1000,
    request: {
      audience: assignment.text(names.AUDIENCE, ''),
      scopes: assignment.members(names.SCOPES),
      ttl: ttl / 1000,
      fields: fieldsOf(scene),
    },
    lived: lifetime > ttl ? lifetime - ttl : null,
    identity,
    holder: pop === 'dpop' || pop === 'mtls' || pop === 'tpm-key' ? { pop, thumbprint: 'some-key' } : null,
    evidence,
    sources: sourcesOf(scene, now),
    people,
    acts,
    later: laterOf(scene, acts),
  };
}

function identityOf(assignment: Assignment, expires: number): Identity {
  const of = names.identityAttribute;
  const kind = assignment.text(of('kind'), 'workload');
  const owned = Object.entries(KIND_TYPES).flatMap(([name, type]): [string, string | readonly string[]][] => {
    if (type === 'set')
      return assignment.hasSet(of(name)) === true ? [[name, assignment.members(of(name))]] : [];
    const value = assignment.get(of(name));
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const attributes: KindAttributes = Object.fromEntries(owned);
  return {
    uri: assignment.text(of('uri'), 'spiffe://acme.example/some-identity'),
    name: assignment.text(names.IDENTITY_NAME, 'some-identity'),
    kind: IDENTITY_KINDS.find((each) => each === kind) ?? 'workload',
    status: IDENTITY_STATUSES.find((each) => each === assignment.get(of('status'))) ?? 'active',
    owner: assignment.text(of('owner'), 'some-owner'),
    deputy: assignment.text(of('deputy'), 'some-deputy'),
    purpose: assignment.text(of('purpose'), 'some-purpose'),
    environment: assignment.text(of('environment'), 'some-environment'),
    expires,
    revision: assignment.number(of('revision'), 1),
    revisionReviewed: assignment.flag(of('revision_reviewed')),
    previouslyRevoked: assignment.flag(of('previously_revoked')),
    attributes,
    entitlement: NO_ENTITLEMENT,
    keys: [],
    boundSince: 1,
  };
}

function fieldsOf(scene: Scene): Readonly<Record<string, FieldValue>> {
  const { old, new: fresh, assignment, vocabulary } = scene;
  const found: Record<string, FieldValue> = {};
  for (const side of [old, fresh]) {
    for (const [name, { type }] of Object.entries(side.flow.definition.request.fields)) {
      const of = names.fieldAttribute(name, type);
      const value = type === 'set' ? setOf(assignment, of) : assignment.get(of);
      // What must be there and nothing asks for may be anything.
      const any = type === 'long' ? 0 : type === 'bool' ? false : `some-${name}`;
      if (value === undefined && type !== 'set' && !vocabulary.get(of).optional) found[name] = any;
      else if (value !== undefined && value !== null) found[name] = value;
    }
  }
  return found;
}

function setOf(assignment: Assignment, of: string): readonly string[] | undefined {
  return assignment.hasSet(of) === false ? undefined : assignment.members(of);
}

/** The proofs of both sides by what is presented for them, each once. */
export function slotsOf({
  old,
  new: fresh,
}: Pick<Scene, 'old' | 'new'>): ReadonlyMap<string, ProofDefinition> {
  const proofs = [old, fresh].flatMap(({ flow }) => flow.definition.proof.proofs);
  return new Map(proofs.map((proof) => [names.slotOf(proof), proof]));
}

function evidenceOf(scene: Scene, now: number): readonly Evidence[] {
  const { assignment } = scene;
  return [...slotsOf(scene)].flatMap(([slot, { anchor, role }], i): Evidence[] => {
    const age = assignment.get(names.evidenceAge(slot));
    const issuer =
      (scene.new.around.anchors.get(anchor) ?? scene.old.around.anchors.get(anchor))?.issuer ?? '';
    if (typeof age !== 'number') return [];
    const level = assignment.text(names.evidenceAssurance(slot), '3');
    return [
      {
        anchor,
        role,
        issuer,
        tokenId: `token-${i}`,
        digest: `digest-${i}`,
        assurance: level === '1' ? 1 : level === '2' ? 2 : 3,
        claims: claimsOf(scene, slot, anchor, i),
        issuedAt: now - age * 1000,
        expiresAt: now + 3_600_000,
      },
    ];
  });
}

function claimsOf(scene: Scene, slot: string, anchor: string, i: number): Readonly<Record<string, Value>> {
  const found: Record<string, Value> = {};
  for (const side of [scene.old, scene.new]) {
    for (const [claim, { type }] of Object.entries(side.around.anchors.get(anchor)?.claims ?? {})) {
      if (type.type === 'record' || Object.hasOwn(found, claim)) continue;
      const value = valueOf(scene, names.claimAttribute(slot, claim), type, `some-${claim}-${i}`);
      if (value !== null) found[claim] = value;
    }
  }
  return found;
}

/** The value of one attribute, or one of its type where nothing depends on it and it must be there. */
function valueOf(
  { assignment, vocabulary }: Scene,
  of: string,
  type: Exclude<AttributeType, { type: 'record' }>,
  otherwise: string,
): Value | null {
  const { kind, unit } = attributeOf(type.type);
  const there = !vocabulary.get(of).optional;
  if (kind === 'set') {
    return there || assignment.hasSet(of) === true ? assignment.members(of) : null;
  }
  const value = assignment.get(of);
  if (value === undefined) return there ? placeholder(type, otherwise) : null;
  if (typeof value !== 'number') return value;
  if (unit === 'duration') return new Duration(value);
  if (unit === 'datetime') return new Datetime(value);
  return unit === 'decimal' ? new Decimal(BigInt(value)) : value;
}

function placeholder(type: Exclude<AttributeType, { type: 'record' }>, text: string): Value {
  switch (type.type) {
    case 'string':
      return type.oneOf?.[0] ?? text;
    case 'long':
      return 0;
    case 'bool':
      return false;
    case 'set':
      return [];
    case 'duration':
      return new Duration(0);
    case 'datetime':
      return new Datetime(0);
    case 'decimal':
      return new Decimal(0n);
  }
}

function sourcesOf(scene: Scene, now: number): Readonly<Record<string, Observation>> {
  const found: Record<string, Observation> = {};
  for (const side of [scene.old, scene.new]) {
    for (const { source, type } of Object.values(side.flow.definition.facts)) {
      const age = scene.assignment.get(names.sourceAge(source));
      if (typeof age !== 'number') continue;
      const value = build(scene, source, type);
      const before = found[source]?.value;
      if (value !== null) found[source] = { value: before ?? value, observedAt: now - age * 1000 };
    }
  }
  return found;
}

/** What a source says, as the type that both flows, or one, declare; null where no value of it is there. */
function build(scene: Scene, source: string, type: AttributeType): Value | null {
  if (type.type !== 'record')
    return valueOf(scene, names.sourceLeaf(source, [], type.type), type, `some-${source}`);
  const root: Record<string, Value> = {};
  for (const leaf of leavesOf(type)) {
    const value = valueOf(
      scene,
      names.sourceLeaf(source, leaf.path, leaf.type.type),
      leaf.type,
      `some-${source}`,
    );
    if (value === null) continue;
    place(root, leaf.path, value);
  }
  return root;
}

function place(root: Record<string, Value>, path: readonly string[], value: Value): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    root[name] = value;
    return;
  }
  const inner: Record<string, Value> = {};
  const before = root[name];
  if (typeof before === 'object' && !Array.isArray(before)) Object.assign(inner, before);
  place(inner, rest, value);
  root[name] = inner;
}
