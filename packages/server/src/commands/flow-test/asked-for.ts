import {
  type FieldValue,
  type IssuanceRequest,
  type Json,
  parseDuration,
  toSet,
  WritError,
} from '@writ/core';
import { type ArtefactSet, rightsFor } from '@writ/flow';
import { text, texts } from './identity.ts';
import type { Situation } from './situation.ts';

/** What a situation asks of `flow`: audience, scopes and ttl, and everything else as fields. @throws WritError `invalid` */
export function askedFor({ request, identity }: Situation, flow: string): IssuanceRequest {
  const { audience, scopes, ttl, ...fields } = request;
  return {
    flow,
    right: '',
    identity: text('identity.id', identity['id']),
    audience: text('request.audience', audience),
    scopes: toSet(texts('request.scopes', scopes ?? [])),
    ttl: ttl === undefined ? null : secondsOf(ttl),
    fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fieldOf(name, value)])),
  };
}

function secondsOf(value: Json): number {
  const seconds = typeof value === 'string' ? parseDuration(value) : null;
  if (seconds === null) throw new WritError('invalid', '`request.ttl` is a duration such as 10m');
  return seconds;
}

function fieldOf(name: string, value: Json): FieldValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return texts(`request.${name}`, value);
}

/** The request with the one right that fits, as the engine finds it; without one where there is none. */
export function underRight(set: ArtefactSet, request: IssuanceRequest, now: number): IssuanceRequest {
  const candidates = rightsFor(set, request);
  const live = candidates.filter(({ suspended, expires }) => !suspended && now < expires);
  const [only, second] = live.length > 0 ? live : candidates;
  return only === undefined || second !== undefined ? request : { ...request, right: only.id };
}
