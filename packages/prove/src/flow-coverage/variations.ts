import {
  Datetime,
  Decimal,
  Duration,
  type Evidence,
  type Facts,
  formatDuration,
  formatInstant,
  type Identity,
  isSet,
  type Json,
  type Value,
} from '@writ/core';
import { type ArtefactSet, type Base, type CompiledFlow, type ProofDefinition, rightsFor } from '@writ/flow';
import type { Situation } from '../witness/situation.ts';

/** One thing of a request put otherwise, as a test file says it and as the rules see it. */
export interface Variation {
  readonly path: string;
  /** undefined: it is taken away */
  readonly value: Json | undefined;
  /** what a test file must say besides, so that such evidence can be there */
  readonly besides: Readonly<Record<string, Json>>;
  readonly apply: (facts: Facts) => Facts;
}

type Plain = Omit<Variation, 'besides'>;

/** What a witness has that a request has not, each by itself. */
export function variationsOf(flow: CompiledFlow, base: Base, witness: Situation): readonly Variation[] {
  const plain = [
    ...requestVariations(base, witness),
    ...sourceVariations(flow, witness),
    ...identityVariations(witness),
    holderVariation(witness),
  ];
  return [
    ...plain.map((each) => ({ ...each, besides: {} })),
    ...evidenceVariations(flow, base, witness),
    ...personVariations(flow, base),
  ];
}

function requestVariations({ set, facts, now }: Base, { request }: Situation): readonly Plain[] {
  const asking = (path: string, value: Json, changes: Partial<Facts['request']>): Plain => ({
    path: `request.${path}`,
    value,
    apply: (before) => underRight(set, { ...before, request: { ...before.request, ...changes } }),
  });
  return [
    facts.request.right === '' && facts.request.ttl !== null
      ? living(now, request.ttl)
      : asking('ttl', formatDuration(request.ttl), { ttl: request.ttl }),
    asking('scopes', request.scopes, { scopes: request.scopes }),
    asking('audience', request.audience, { audience: request.audience }),
    ...Object.entries(request.fields).map(
      ([name, value]): Plain => ({
        path: `request.${name}`,
        value,
        apply: (before) => ({
          ...before,
          request: { ...before.request, fields: { ...before.request.fields, [name]: value } },
        }),
      }),
    ),
  ];
}

/** What is asked for an identity lives until the identity ends. */
function living(now: number, ttl: number): Plain {
  const expires = now + ttl * 1000;
  const apply = (facts: Facts): Facts =>
    facts.identity === null
      ? facts
      : { ...facts, request: { ...facts.request, ttl }, identity: { ...facts.identity, expires } };
  return { path: 'identity.expires', value: formatInstant(expires), apply };
}

function underRight(set: ArtefactSet, facts: Facts): Facts {
  if (facts.request.right === '') return facts;
  const [right] = rightsFor(set, facts.request);
  return { ...facts, request: { ...facts.request, right: right?.id ?? '' } };
}

function sourceVariations({ definition }: CompiledFlow, { sources }: Situation): readonly Plain[] {
  return Object.entries(definition.facts).flatMap(([name, { source }]): Plain[] => {
    const value = sources[source]?.value;
    const json = value === undefined ? undefined : jsonOf(value);
    if (value === undefined || json === undefined) return [];
    const apply = (facts: Facts): Facts => {
      const observed = facts.sources[source];
      return observed === undefined
        ? facts
        : { ...facts, sources: { ...facts.sources, [source]: { ...observed, value } } };
    };
    return [{ path: `facts.${name}`, value: json, apply }];
  });
}

function evidenceVariations(
  { definition }: CompiledFlow,
  base: Base,
  { evidence, now }: Situation,
): readonly Variation[] {
  return definition.proof.proofs.flatMap((proof): Variation[] => {
    const { id } = proof;
    const same = sameAs(proof);
    const own = base.facts.evidence.find(same);
    const other = evidence.find(same);
    if (own === undefined) return [];
    const gone = (facts: Facts): Facts => ({
      ...facts,
      evidence: facts.evidence.filter((each) => !same(each)),
    });
    if (other === undefined) return [{ path: `evidence.${id}`, value: undefined, besides: {}, apply: gone }];
    const age = Math.floor((now - other.issuedAt) / 1000);
    const older: Variation = {
      path: `age.${id}`,
      value: formatDuration(age),
      besides: {},
      apply: put(proof, (each) => ({ ...each, issuedAt: each.issuedAt - age * 1000 })),
    };
    const claims = Object.entries(other.claims).flatMap(([claim, value]) =>
      claiming(base, proof, own, claim, value),
    );
    const taken = Object.keys(own.claims)
      .filter((claim) => !Object.hasOwn(other.claims, claim))
      .map((claim): Variation => {
        const apply = put(proof, (each) => {
          const { [claim]: _gone, ...rest } = each.claims;
          return { ...each, claims: rest };
        });
        return { path: `evidence.${id}.${claim}`, value: undefined, besides: {}, apply };
      });
    return [...claims, ...taken, ...(age > 0 ? [older] : [])];
  });
}

function sameAs({ anchor, role }: ProofDefinition): (each: Evidence) => boolean {
  return (each) => each.anchor === anchor && each.role === role;
}

function put(proof: ProofDefinition, change: (each: Evidence) => Evidence): (facts: Facts) => Facts {
  const same = sameAs(proof);
  return (facts) => ({
    ...facts,
    evidence: facts.evidence.map((each) => (same(each) ? change(each) : each)),
  });
}

/** Another value of one claim, in evidence that an issuer could have given out. */
function claiming(
  { set }: Base,
  proof: ProofDefinition,
  own: Evidence,
  claim: string,
  wanted: Value,
): readonly Variation[] {
  const path = `evidence.${proof.id}`;
  const github = set.anchors.get(proof.anchor)?.kind === 'github-actions';
  const [value, more] = github ? asGithub(own, claim, wanted) : [wanted, {}];
  const json = jsonOf(value);
  if (json === undefined) return [];
  const besides: Record<string, Json> = {};
  for (const [name, each] of Object.entries(more)) besides[`${path}.${name}`] = each;
  const apply = put(proof, (each) => ({ ...each, claims: { ...each.claims, ...more, [claim]: value } }));
  return [{ path: `${path}.${claim}`, value: json, besides, apply }];
}

/** What GitHub says twice agrees, and its ids are numbers. */
function asGithub(
  { claims }: Evidence,
  claim: string,
  value: Value,
): readonly [value: Value, more: Readonly<Record<string, string>>] {
  if (claim.endsWith('_id') && typeof value === 'string' && !/^[1-9]\d*$/.test(value)) return ['1', {}];
  if (claim !== 'repository' || typeof value !== 'string') return [value, {}];
  const owner = claims['repository_owner'];
  const repository = /^[^/]+\/[^/]+$/.test(value)
    ? value
    : `${typeof owner === 'string' ? owner : 'acme'}/another`;
  const [first = ''] = repository.split('/');
  return [repository, { sub: `repo:${repository}:environment:production`, repository_owner: first }];
}

/** Evidence about another of the people whom the set knows. */
function personVariations({ definition }: CompiledFlow, base: Base): readonly Variation[] {
  return definition.proof.proofs.flatMap((proof) => {
    const anchor = base.set.anchors.get(proof.anchor);
    const own = base.facts.evidence.find(sameAs(proof));
    if (anchor === undefined || own === undefined) return [];
    const claims = ['subject', 'sub', anchor.actor].filter(
      (name) => name !== null && Object.hasOwn(own.claims, name),
    );
    const ids = base.set.people.flatMap(({ subjects }) =>
      subjects
        .filter((each) => each.startsWith(`${anchor.issuer}#`))
        .map((each) => each.slice(anchor.issuer.length + 1)),
    );
    return claims.flatMap((claim) => ids.flatMap((id) => claiming(base, proof, own, claim ?? '', id)));
  });
}

function identityVariations({ identity }: Situation): readonly Plain[] {
  const being = (path: string, value: Json, changes: Partial<Identity>): Plain => ({
    path: `identity.${path}`,
    value,
    apply: (facts) =>
      facts.identity === null ? facts : { ...facts, identity: { ...facts.identity, ...changes } },
  });
  return [
    being('environment', identity.environment, { environment: identity.environment }),
    being('revision_reviewed', identity.revisionReviewed, { revisionReviewed: identity.revisionReviewed }),
    being('previously_revoked', identity.previouslyRevoked, {
      previouslyRevoked: identity.previouslyRevoked,
    }),
    ...Object.entries(identity.attributes).flatMap(([name, value]: [string, Json | undefined]): Plain[] => {
      if (value === undefined) return [];
      const apply = (facts: Facts): Facts =>
        facts.identity === null
          ? facts
          : {
              ...facts,
              identity: { ...facts.identity, attributes: { ...facts.identity.attributes, [name]: value } },
            };
      return [{ path: `identity.${name}`, value, apply }];
    }),
  ];
}

function holderVariation({ holder }: Situation): Plain {
  return {
    path: 'holder',
    value: holder?.pop ?? 'none',
    apply: (facts) => ({ ...facts, holder }),
  };
}

/** A value as a test file writes it; undefined for what it has no word for. */
function jsonOf(value: Value): Json | undefined {
  if (isSet(value) || typeof value !== 'object') return value;
  if (value instanceof Duration) return formatDuration(Math.floor(value.ms / 1000));
  if (value instanceof Datetime) return formatInstant(value.ms);
  if (value instanceof Decimal) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, jsonOf(inner)]));
}
