import { formed, type Shape } from '../document/shape.ts';

/** A name of a flow, rule, field or proof: lower case, so that no two differ in case alone. */
export const NAME: RegExp = /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/;
export const name: Shape<string> = formed(NAME, 'a name such as `release-to-production`');

/** `kind/name`, as anchors, fact sources, authorities and targets are called. */
export const PATH_NAME: RegExp = /^[a-z][a-z0-9-]*(?:\/[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?){0,3}$/;
export const pathName: Shape<string> = formed(PATH_NAME, 'a name such as `github-actions/acme`');

export const owner: Shape<string> = formed(/^(?:user|group):[a-z0-9][a-z0-9._-]*$/, '`user:…` or `group:…`');
export const group: Shape<string> = formed(/^group:[a-z0-9][a-z0-9._-]*$/, '`group:…`');
export const person: Shape<string> = formed(/^user:[a-z0-9][a-z0-9._-]*$/, '`user:…`');

/** An absolute URI without query, fragment, user information or wildcard (RFC 8707 §2). */
export const resource: Shape<string> = formed(
  /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._~/-]*)?$/,
  'an absolute URI such as https://deploy.acme.example, without wildcard, query or fragment',
);

/** An OAuth scope token (RFC 6749 §3.3). */
export const scope: Shape<string> = formed(
  /^[\x21\x23-\x29\x2b-\x5b\x5d-\x7e]{1,128}$/,
  'a scope such as `deploy:read`',
);

/** A path into the facts: `identity.uri`, `evidence.person.subject`. */
export const factPath: Shape<string> = formed(
  /^(?:identity|request|evidence|facts)(?:\.[a-z][a-z0-9_]*|\.[a-z][a-z0-9-]*)+$/,
  'a path such as `identity.uri`',
);
