import { Datetime, Duration, type Evidence, type Facts, type Identity, toSet, type Value } from '@writ/core';
import type { Environment } from '../condition/compile.ts';
import type { FlowDefinition } from '../definition/definition.ts';

/** The facts of one decision as conditions see them. `ttl` is the life that would be granted, in seconds. */
export function environmentOf(
  flow: FlowDefinition<unknown>,
  facts: Facts,
  identity: Identity,
  ttl: number,
  evidence: ReadonlyMap<string, Evidence>,
): Environment {
  return {
    request: requestFacts(facts, ttl),
    identity: identityFacts(identity),
    evidence: Object.fromEntries([...evidence].map(([id, { claims }]) => [id, claims])),
    facts: Object.fromEntries(
      Object.entries(flow.facts).flatMap(([name, { source }]): [string, Value][] => {
        const observed = Object.hasOwn(facts.sources, source) ? facts.sources[source] : undefined;
        return observed === undefined ? [] : [[name, observed.value]];
      }),
    ),
  };
}

function requestFacts({ request }: Facts, ttl: number): Value {
  const fields = Object.entries(request.fields).map(([name, value]): [string, Value] => [
    name,
    typeof value === 'object' ? toSet(value) : value,
  ]);
  return {
    ...Object.fromEntries(fields),
    audience: request.audience,
    scopes: request.scopes,
    ttl: new Duration(ttl * 1000),
  };
}

function identityFacts(identity: Identity): Value {
  const own = Object.entries(identity.attributes).filter(
    (entry): entry is [string, string | readonly string[]] => entry[1] !== undefined,
  );
  return {
    ...Object.fromEntries(
      own.map(([name, value]) => [name, typeof value === 'string' ? value : toSet(value)]),
    ),
    uri: identity.uri,
    kind: identity.kind,
    status: identity.status,
    owner: identity.owner,
    deputy: identity.deputy,
    purpose: identity.purpose,
    environment: identity.environment,
    expires: new Datetime(identity.expires),
    revision: identity.revision,
    revision_reviewed: identity.revisionReviewed,
    previously_revoked: identity.previouslyRevoked,
  };
}
