import { type Anchor, type ClaimSchema, GITHUB_ACTIONS_CLAIMS, GITLAB_CI_CLAIMS } from '@writ/core';
import type { OidcIssuer } from './oidc-issuer.ts';

const CLAIMS: Readonly<Record<string, ClaimSchema>> = {
  'github-actions': GITHUB_ACTIONS_CLAIMS,
  'gitlab-ci': GITLAB_CI_CLAIMS,
};

/** An anchor that believes `issuer`: of kind `github-actions`, for `https://writ.acme.example`, unless `changes` say otherwise. */
export function anchorOf(
  issuer: Pick<OidcIssuer, 'issuer' | 'algorithm'>,
  changes: Partial<Anchor> = {},
): Anchor {
  const kind = changes.kind ?? 'github-actions';
  return {
    name: `${kind}/acme`,
    kind,
    issuer: issuer.issuer,
    audience: 'https://writ.acme.example',
    assurance: 2,
    replay: 'once',
    algorithms: [issuer.algorithm],
    jwksUri: null,
    privateAddresses: true,
    actor: kind === 'github-actions' ? 'actor' : null,
    claims: CLAIMS[kind] ?? {},
    ...changes,
  };
}
