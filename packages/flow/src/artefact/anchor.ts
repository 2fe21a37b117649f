import {
  type Anchor,
  type ClaimSchema,
  type ClaimType,
  GITHUB_ACTIONS_CLAIMS,
  GITLAB_CI_CLAIMS,
  trustDomainOf,
} from '@writ/core';
import { attributeType } from '../definition/attribute-type.ts';
import { pathName } from '../definition/names.ts';
import {
  choice,
  dictionary,
  flag,
  formed,
  list,
  object,
  optional,
  refine,
  required,
  type Shape,
  text,
} from '../document/shape.ts';

const BUILT_IN: Readonly<Record<string, ClaimSchema>> = {
  'github-actions': GITHUB_ACTIONS_CLAIMS,
  'gitlab-ci': GITLAB_CI_CLAIMS,
};

/** Kinds whose evidence is a signed token of an issuer; they must say whose, and for which audience. */
const TOKEN_KINDS = ['github-actions', 'gitlab-ci', 'oidc'];

const CLAIM_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const claim: Shape<ClaimType> = object({
  type: required(attributeType),
  required: optional(flag, false),
  identifies: optional(flag, false),
  from: optional(formed(CLAIM_NAME, 'the name of a claim'), undefined),
});

const issuer = formed(
  /^https?:\/\/[^\s?#@]+$/,
  'the exact issuer URL, without user information, query or fragment',
);
const uri = formed(/^https?:\/\/[^\s#@]+$/, 'an absolute URL');

/** One trust anchor (`writ: anchor/v1`). */
export const anchorShape: Shape<Anchor> = refine(
  object({
    writ: required(choice(['anchor/v1'])),
    anchor: required(pathName),
    issuer: optional(issuer, ''),
    audience: optional(text, ''),
    assurance: required(choice([1, 2, 3])),
    replay: required(choice(['once', 'first-key'])),
    algorithms: optional(list(choice(['RS256', 'RS384', 'PS256', 'ES256', 'ES384', 'Ed25519', 'EdDSA'])), [
      'RS256',
    ]),
    jwks: optional(uri, null),
    'private-addresses': optional(choice(['allowed', 'refused']), 'refused' as const),
    actor: optional(text, null),
    claims: optional(dictionary(CLAIM_NAME, claim), {}),
  }),
  (value, node, report) => {
    const kind = value.anchor.split('/')[0] ?? '';
    const claims = { ...BUILT_IN[kind], ...value.claims };
    if (TOKEN_KINDS.includes(kind) && (value.issuer === '' || value.audience === '')) {
      report(node.at, `an anchor of kind ${kind} needs \`issuer\` and \`audience\``);
    }
    if (kind === 'spiffe') for (const problem of spiffeProblems(value)) report(node.at, problem);
    if (Object.keys(claims).length === 0) report(node.at, `an anchor of kind ${kind} needs \`claims\``);
    if (value.actor !== null && !Object.hasOwn(claims, value.actor)) {
      report(node.at, `\`actor\` names \`${value.actor}\`, which is not among the claims`);
    }
    return {
      name: value.anchor,
      kind,
      issuer: value.issuer,
      audience: value.audience,
      assurance: value.assurance,
      replay: value.replay,
      algorithms: value.algorithms,
      jwksUri: value.jwks,
      privateAddresses: value['private-addresses'] === 'allowed',
      actor: value.actor,
      claims,
    };
  },
);

/** What an anchor of JWT-SVIDs lacks, in words. */
function spiffeProblems(value: {
  readonly anchor: string;
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: string | null;
  readonly replay: Anchor['replay'];
  readonly algorithms: readonly string[];
}): readonly string[] {
  const problems: string[] = [];
  if (trustDomainOf({ kind: 'spiffe', name: value.anchor }) === null) {
    problems.push('an anchor of kind spiffe is called `spiffe/<trust domain>`');
  }
  if (value.audience === '' || (value.jwks === null && value.issuer === '')) {
    problems.push('an anchor of kind spiffe needs `audience`, and `jwks` (its bundle) or `issuer`');
  }
  if (value.replay !== 'first-key') {
    problems.push('one SVID is handed out repeatedly: an anchor of kind spiffe needs `replay: first-key`');
  }
  const unfit = value.algorithms.find((alg) => alg.startsWith('Ed'));
  if (unfit !== undefined) problems.push(`\`${unfit}\` is no algorithm of JWT-SVIDs`);
  return problems;
}
