import {
  isStrictList,
  isStrictObject,
  parseStrictJson,
  type StrictJson,
  type StrictObject,
} from '@writ/attest';
import { type EvidenceRole, type FieldValue, parseDuration, toSet } from '@writ/core';
import type { Asked } from '@writ/engine';
import { ASSERTION_TYPE } from '../client-authentication.ts';
import { type Form, single } from '../form.ts';
import { OAuthError } from '../oauth-error.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const CLIENT_CREDENTIALS = 'client_credentials';
export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';
export const DETAILS_TYPE = 'writ_issuance';

/** Token types that evidence may come as (RFC 8693 §3). An access token is no evidence. */
const EVIDENCE_TYPES = ['urn:ietf:params:oauth:token-type:jwt', 'urn:ietf:params:oauth:token-type:id_token'];

type Tokens = Asked['tokens'];

/** Everything of a token request but the holder's key. @throws OAuthError */
export function parseTokenRequest(form: Form): Omit<Asked, 'holder'> {
  const grant = required(form, 'grant_type');
  if (grant !== CLIENT_CREDENTIALS) refuseClientAuthentication(form);
  const read = GRANTS.get(grant);
  if (read === undefined) {
    throw new OAuthError(
      'unsupported_grant_type',
      `the grant type is not one of ${[...GRANTS.keys()].join(', ')}`,
    );
  }
  const proof = read(form);
  const details = parseDetails(optional(form, 'authorization_details'));
  return {
    clientId: clientId(form),
    ...proof,
    audience: audience(form),
    scopes: scopes(optional(form, 'scope')),
    ...details,
    run: optional(form, 'writ_run') ?? null,
  };
}

/** A grant type is a function and one line here. */
const GRANTS: ReadonlyMap<string, (form: Form) => Pick<Asked, 'tokens' | 'assertion'>> = new Map([
  [TOKEN_EXCHANGE, (form) => ({ tokens: tokenExchange(form) })],
  [JWT_BEARER, (form) => ({ tokens: [{ token: required(form, 'assertion'), role: 'subject' }] })],
  [CLIENT_CREDENTIALS, (form) => ({ tokens: [], assertion: clientAssertion(form) })],
]);

/** RFC 6749 §4.4 with RFC 7523 §2.2: what a registered client signs is all the evidence it has. */
function clientAssertion(form: Form): string {
  if (form.has('client_secret'))
    throw new OAuthError('invalid_request', 'there are no client secrets; authenticate with private_key_jwt');
  const assertion = optional(form, 'client_assertion');
  if (assertion === undefined)
    throw new OAuthError('unauthorized_client', 'a client without a registered key gets no token of its own');
  const type = optional(form, 'client_assertion_type');
  if (type !== ASSERTION_TYPE)
    throw new OAuthError('invalid_request', `client_assertion_type must be ${ASSERTION_TYPE}`);
  return assertion;
}

/** RFC 8693 §2.1. */
function tokenExchange(form: Form): Tokens {
  const requested = optional(form, 'requested_token_type');
  if (requested !== undefined && requested !== ACCESS_TOKEN_TYPE) {
    throw new OAuthError('invalid_request', `only ${ACCESS_TOKEN_TYPE} can be requested`);
  }
  const subject = exchanged(form, 'subject');
  if (subject === null) throw new OAuthError('invalid_request', 'subject_token is missing');
  const actor = exchanged(form, 'actor');
  return actor === null ? [subject] : [subject, actor];
}

function exchanged(form: Form, role: EvidenceRole): Tokens[number] | null {
  const token = optional(form, `${role}_token`);
  const type = optional(form, `${role}_token_type`);
  if (token === undefined && type === undefined) return null;
  if (token === undefined || type === undefined) {
    throw new OAuthError('invalid_request', `${role}_token and ${role}_token_type come together`);
  }
  if (!EVIDENCE_TYPES.includes(type)) {
    throw new OAuthError('invalid_request', `${role}_token_type must be one of ${EVIDENCE_TYPES.join(', ')}`);
  }
  return { token, role };
}

/** The evidence is what authenticates here; an assertion beside it would be ignored, so it is refused. */
function refuseClientAuthentication(form: Form): void {
  for (const name of ['client_assertion', 'client_assertion_type', 'client_secret']) {
    if (form.has(name)) {
      throw new OAuthError(
        'invalid_request',
        `${name} is not supported here: the evidence is the authentication`,
      );
    }
  }
}

function clientId(form: Form): string {
  const id = required(form, 'client_id');
  if (!/^[\x21-\x7e]{1,256}$/.test(id)) throw new OAuthError('invalid_request', 'client_id is not a name');
  return id;
}

/** RFC 8707 §2 and RFC 8693 §2.1: exactly one, as `resource` or `audience`, or the same in both. */
function audience(form: Form): string {
  const resource = single(form, 'resource');
  const named = single(form, 'audience');
  const first = resource ?? named;
  if (first === undefined) throw new OAuthError('invalid_target', 'name the one audience as `resource`');
  if (first === null || resource === null || named === null || (named !== undefined && named !== first)) {
    throw new OAuthError(
      'invalid_target',
      'a token is for one audience; ask for each in a request of its own',
    );
  }
  if (!isResource(first))
    throw new OAuthError('invalid_target', 'the resource is not an absolute URI without fragment');
  return first;
}

function isResource(text: string): boolean {
  return text.length <= 2048 && /^https?:\/\/[^\s/?#@*\\]+(?:\/[^\s?#*\\]*)?$/.test(text);
}

/** RFC 6749 §3.3. No scope is never all scopes. */
function scopes(text: string | undefined): readonly string[] {
  if (text === undefined) throw new OAuthError('invalid_scope', 'name the scopes that are needed');
  const tokens = text.split(' ');
  if (tokens.length > 100 || !tokens.every((token) => /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/.test(token))) {
    throw new OAuthError('invalid_scope', 'scope is not a list of scope tokens');
  }
  return toSet(tokens);
}

const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

type Details = Pick<Asked, 'flow' | 'ttl' | 'fields'>;

/** RFC 9396: one element of our type, closed. */
function parseDetails(text: string | undefined): Details {
  if (text === undefined) return { flow: null, ttl: null, fields: {} };
  const value = readJson(text);
  const elements: readonly StrictJson[] = isStrictList(value) ? value : [];
  const [element, ...more] = elements;
  if (!isStrictObject(element) || more.length > 0)
    throw badDetails(`must be a list with one object of type ${DETAILS_TYPE}`);
  const unknown = Object.keys(element).find((name) => !['type', 'flow', 'ttl', 'fields'].includes(name));
  if (unknown !== undefined) throw badDetails(`has no member \`${unknown}\``);
  if (element['type'] !== DETAILS_TYPE) throw badDetails(`must be of type ${DETAILS_TYPE}`);
  const { flow } = element;
  if (flow !== undefined && (typeof flow !== 'string' || !/^[a-z][a-z0-9_-]{0,127}$/.test(flow))) {
    throw badDetails('has a `flow` that is not a name');
  }
  return { flow: flow ?? null, ttl: ttl(element['ttl']), fields: fields(element['fields']) };
}

function readJson(text: string): StrictJson {
  try {
    return parseStrictJson(Buffer.from(text));
  } catch {
    throw badDetails('is not strict JSON');
  }
}

/** Seconds, or a duration as flows write it. */
function ttl(value: StrictJson | undefined): number | null {
  if (value === undefined) return null;
  const seconds = typeof value === 'string' ? parseDuration(value) : value;
  if (typeof seconds !== 'number' || !Number.isSafeInteger(seconds) || seconds < 1) {
    throw badDetails('has a `ttl` that is neither whole seconds nor a duration such as 10m');
  }
  return seconds;
}

function fields(value: StrictJson | undefined): Readonly<Record<string, FieldValue>> {
  if (value === undefined) return {};
  if (!isStrictObject(value)) throw badDetails('has `fields` that are not an object');
  // Names become rule ids, which logs and people read: nothing but a name may stand there (L6).
  if (!Object.keys(value).every((name) => FIELD_NAME.test(name))) {
    throw badDetails('has a field whose name is not a name');
  }
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, fieldValue(name, field)]));
}

function fieldValue(name: string, value: StrictObject[string]): FieldValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (isStrictList(value)) {
    const texts = value.filter((member): member is string => typeof member === 'string');
    if (texts.length === value.length && texts.length <= 1_000) return toSet(texts);
  }
  throw badDetails(
    `has a field \`${name}\` that is neither a text, a whole number, true, false nor a list of texts`,
  );
}

function badDetails(problem: string): OAuthError {
  return new OAuthError('invalid_authorization_details', `authorization_details ${problem}`);
}

function required(form: Form, name: string): string {
  const value = optional(form, name);
  if (value === undefined) throw new OAuthError('invalid_request', `${name} is missing`);
  return value;
}

function optional(form: Form, name: string): string | undefined {
  const value = single(form, name);
  if (value === null) throw new OAuthError('invalid_request', `${name} is given twice`);
  return value;
}
