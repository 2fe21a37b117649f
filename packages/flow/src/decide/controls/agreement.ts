import { isAct } from '../../definition/definition.ts';
import { demanded } from '../approval-stage.ts';
import { type Assess, fail, notApplicable, pass } from './assessed.ts';

/** A credential that nobody must approve rests on its right, which others granted. */
export const approvalByAnother: Assess = (context) => {
  const { rules, refusals } = demanded(context);
  const [unreadable] = refusals;
  if (unreadable !== undefined) return fail(`${unreadable.rule}: ${unreadable.message}`);
  const other = rules.find(({ require }) => require.not.includes('requester'));
  if (other !== undefined) return pass(`approval.${other.id} asks ${other.require.from}, not the requester`);
  if (rules.length > 0)
    return fail(`the requester is not excluded from ${rules.map(({ id }) => `approval.${id}`).join(', ')}`);
  return isAct(context.flow.definition.issues)
    ? fail('no approval is demanded')
    : notApplicable(`no approval is demanded: right ${context.facts.request.right} is used`);
};

export const reviewerDemanded: Assess = (context) => {
  const { rules, refusals } = demanded(context);
  const [unreadable] = refusals;
  if (unreadable !== undefined) return fail(`${unreadable.rule}: ${unreadable.message}`);
  const review = rules.find(({ require }) => require.from.startsWith('group:'));
  if (review !== undefined) return pass(`approval.${review.id} asks ${review.require.from}`);
  const { revision, revisionReviewed } = context.identity;
  return revisionReviewed && !isAct(context.flow.definition.issues)
    ? pass(`revision ${revision} of the identity was reviewed`)
    : fail('nobody of a group is asked');
};
