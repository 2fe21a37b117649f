import type { Reason } from '@writ/core';
import type { Declined, Fault } from '@writ/engine';

/** The error codes of RFC 6749 §5.2, 7009, 8693, 8707, 9396 and 9449 that we answer with, with their status. */
export const OAUTH_ERRORS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  invalid_authorization_details: 400,
  invalid_dpop_proof: 400,
  use_dpop_nonce: 400,
  authorization_pending: 400,
  temporarily_unavailable: 503,
  server_error: 500,
} as const;
export type OAuthErrorCode = keyof typeof OAUTH_ERRORS;

/** What an OAuth endpoint answers instead of a token. `more` are members with the prefix `writ_`. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly code: OAuthErrorCode;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(code: OAuthErrorCode, description: string, more: Readonly<Record<string, unknown>> = {}) {
    super(description);
    this.code = code;
    this.more = more;
  }

  get status(): number {
    return OAUTH_ERRORS[this.code];
  }

  get body(): Readonly<Record<string, unknown>> {
    return { error: this.code, error_description: printable(this.message), ...this.more };
  }
}

/** RFC 6749 §5.2 allows printable ASCII without `"` and `\` in a description. */
function printable(text: string): string {
  return text.replaceAll('"', "'").replaceAll(/[^\x20-\x5b\x5d-\x7e]/g, '?');
}

const CODES: Readonly<Record<Fault, OAuthErrorCode>> = {
  grant: 'invalid_grant',
  client: 'invalid_client',
  target: 'invalid_target',
  scope: 'invalid_scope',
  details: 'invalid_authorization_details',
  ambiguous: 'invalid_request',
  'dpop-replay': 'invalid_dpop_proof',
  contention: 'temporarily_unavailable',
};

/** The one body for whoever has not proven enough, whatever the reason (law 14). */
const GENERIC = 'the request was not granted; whoever runs this server can explain the reference';

export function declined({ fault, reference, reasons }: Declined): OAuthError {
  const [first] = reasons ?? [];
  if (reasons === null || first === undefined)
    return new OAuthError(fault === 'client' ? 'invalid_client' : 'invalid_grant', GENERIC, {
      writ_ref: reference,
    });
  const help = first.help === undefined ? '' : `; ${first.help}`;
  return new OAuthError(CODES[fault], `${first.message}${help}`, {
    writ_ref: reference,
    writ_stage: first.stage,
    writ_rule: first.rule,
    writ_reasons: reasons.map(wire),
  });
}

function wire({ rule, message, claim, value, help }: Reason): Readonly<Record<string, unknown>> {
  return { rule, message, claim, value, help };
}
