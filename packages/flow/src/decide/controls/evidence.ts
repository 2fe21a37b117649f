import { lookup } from '../../condition/compile.ts';
import { conjunctsOf, type Expression } from '../../condition/expression.ts';
import { isAct } from '../../definition/definition.ts';
import { showValue } from '../../format/show-value.ts';
import { accepted, type Context, strength } from '../context.ts';
import { factStage } from '../fact-stage.ts';
import { holds } from '../policy-stage.ts';
import { type Assess, fail, notApplicable, pass } from './assessed.ts';

export const assuranceAtLeast: Assess = (context, level) => {
  const found = accepted(context).map(({ proof, evidence }) => ({
    id: proof.id,
    level: strength(context.set, evidence),
  }));
  if (found.length === 0) return fail('no evidence was accepted');
  const levels = found.map((each) => `${each.id} is of assurance ${each.level}`).join(', ');
  return found.every((each) => each.level >= level) ? pass(levels) : fail(`${levels}: below ${level}`);
};

/** Whoever fits a pattern or a list is not one workload. */
export const workloadIdentified: Assess = (context) => {
  if ('from' in context.flow.definition.request.by) return notApplicable('a person asks, and no workload');
  const good = accepted(context);
  if (good.length === 0) return fail('no evidence was accepted');
  const exact = good.flatMap(({ proof }) => {
    const claims = context.set.anchors.get(proof.anchor)?.claims ?? {};
    return Object.entries(proof.match)
      .filter(
        ([claim, match]) => claims[claim]?.identifies === true && ('exact' in match || 'sameAs' in match),
      )
      .map(([claim]) => `evidence.${proof.id}.${claim}`);
  });
  return exact.length > 0
    ? pass(`matched exactly: ${exact.join(', ')}`)
    : fail(`no immutable id of ${good.map(({ proof }) => proof.id).join(', ')} is matched exactly`);
};

const OWNER = 'identity.owner';

/** Free text proves nothing: a rule that permits must have compared the owner with what a source said, and lately. */
export const ownershipProven: Assess = (context) => {
  const { issues } = context.flow.definition;
  if (!isAct(issues)) return notApplicable('ownership is proven when the identity is registered');
  const stale = new Set(factStage(context).map(({ rule }) => rule));
  for (const [i, { id, when }] of context.flow.definition.policy.permit.entries()) {
    const rule = context.flow.permit[i];
    if (rule === undefined || holds(rule, context.environment, id) !== true) continue;
    const fact = factOfOwner(when.expression, stale);
    if (fact !== null) return pass(`policy.permit.${id}: ${fact} is ${valueAt(context, fact)}`);
  }
  return fail(`no rule that permits compares \`${context.identity.owner}\` with a fresh fact`);
};

/** The path of the fact that the condition says is the owner. */
function factOfOwner(condition: Expression, stale: ReadonlySet<string>): string | null {
  for (const conjunct of conjunctsOf(condition)) {
    if (conjunct.op !== 'eq') continue;
    const sides = [pathOf(conjunct.left), pathOf(conjunct.right)];
    const fact = sides.find((path) => path.startsWith('facts.'));
    const [, name = ''] = fact?.split('.') ?? [];
    if (fact !== undefined && sides.includes(OWNER) && !stale.has(`facts.${name}`)) return fact;
  }
  return null;
}

function pathOf(expression: Expression): string {
  return expression.op === 'get' ? expression.path.join('.') : '';
}

function valueAt({ environment }: Context, path: string): string {
  const value = lookup(environment, path.split('.'));
  return value === undefined ? 'not known' : showValue(value);
}
