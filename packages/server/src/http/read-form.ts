import type { FastifyRequest } from 'fastify';
import { type Form, parseForm } from './form.ts';
import { OAuthError } from './oauth-error.ts';

/** The form of an OAuth request. Nothing may stand in the URL, where logs would keep it (C2), nor in `Authorization` (C1). */
export function readForm(request: FastifyRequest): Form {
  if (request.raw.url?.includes('?') === true) {
    throw new OAuthError('invalid_request', 'parameters belong in the body, never in the URL');
  }
  if (request.headers.authorization !== undefined) {
    throw new OAuthError('invalid_request', 'the Authorization header is not used here');
  }
  const form = typeof request.body === 'string' ? parseForm(request.body) : null;
  if (form === null) throw new OAuthError('invalid_request', 'the body is not a form in UTF-8');
  return form;
}
