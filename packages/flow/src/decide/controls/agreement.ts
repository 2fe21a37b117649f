import { isAct } from '../../definition/definition.ts';
import { demanded } from '../approval-stage.ts';
import { type Assess, fail, pass } from './assessed.ts';

export const approvalByAnother: Assess = (context) => {
  const { rules, refusals } = demanded(context);
  const [unreadable] = refusals;
  if (unreadable !== undefined) return fail(`${unreadable.rule}: ${unreadable.message}`);
  const other = rules.find(({ require }) => require.not.includes('requester'));
  if (other !== undefined) return pass(`approval.${other.id} asks ${other.require.from}, not the requester`);
  return fail(
    rules.length === 0
      ? 'no approval is demanded'
      : `the requester is not excluded from ${rules.map(({ id }) => `approval.${id}`).join(', ')}`,
  );
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
