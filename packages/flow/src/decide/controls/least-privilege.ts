import { formatDuration } from '@writ/core';
import { accepted, type Context } from '../context.ts';
import { textsOf } from '../proposal-stage.ts';
import { type Assess, fail, noCredential, pass } from './assessed.ts';

export const scopesWithin: Assess = ({ facts }, most) => {
  const { scopes } = facts.request;
  const found = scopes.length === 0 ? 'no scope is named' : `asked for ${scopes.join(' ')}`;
  const pattern = scopes.find((scope) => scope.includes('*'));
  if (scopes.length === 0) return fail(found);
  if (pattern !== undefined) return fail(`\`${pattern}\` is a pattern and no scope`);
  return scopes.length <= most ? pass(found) : fail(`${found}: more than ${most}`);
};

export const budgetSet: Assess = (context) => {
  const none = noCredential(context);
  if (none !== null) return none;
  const { right } = context;
  if (right === null) return fail('no right is used that would have a budget');
  const { rate, live } = right.budget;
  const bounds = [
    ...(rate === null ? [] : [`${rate.max} each ${formatDuration(rate.per)}`]),
    ...(live === null ? [] : [`${live} alive`]),
  ];
  return bounds.length === 0
    ? fail(`right ${right.id} has no budget`)
    : pass(`right ${right.id}: ${bounds.join(', ')}`);
};

/** Request fields and claims that name an environment. */
const FIELDS = ['environment', 'environments', 'target'];
const CLAIM = 'environment';

export const environmentMatches: Assess = (context) => {
  const { environment } = context.identity;
  if (environment.trim() === '') return fail('the identity is of no named environment');
  const own = `the identity is of \`${environment}\``;
  const named = environmentsNamed(context);
  const other = named.find(({ value }) => value !== environment);
  if (other !== undefined) return fail(`${own}, and ${other.where} is \`${other.value}\``);
  return pass(
    named.length === 0
      ? `${own}, and nothing names another`
      : `${own}, as in ${[...new Set(named.map(({ where }) => where))].join(' and ')}`,
  );
};

function environmentsNamed({ facts, proofs }: Context): readonly { where: string; value: string }[] {
  const { fields } = facts.request;
  const asked = FIELDS.flatMap((field) =>
    (Object.hasOwn(fields, field) ? textsOf(fields[field]) : []).map((value) => ({
      where: `request.${field}`,
      value,
    })),
  );
  const proven = accepted({ proofs }).flatMap(({ proof, evidence }) => {
    const value = Object.hasOwn(evidence.claims, CLAIM) ? evidence.claims[CLAIM] : undefined;
    return typeof value === 'string' ? [{ where: `evidence.${proof.id}.${CLAIM}`, value }] : [];
  });
  return [...asked, ...proven];
}
