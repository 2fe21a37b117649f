import { type Assess, fail, noCredential, pass } from './assessed.ts';

export const senderConstrained: Assess = (context) => {
  const none = noCredential(context);
  if (none !== null) return none;
  const { pop } = context.flow.definition.bind;
  if (pop.length === 0) return fail('the flow binds to nothing');
  return pop.includes('none')
    ? fail('the flow issues what works for whoever holds it')
    : pass(`the flow binds to ${pop.join(' or ')}`);
};

/** What is given back to a person who asks has been in a person's hands. */
export const noHumanDelivery: Assess = (context) => {
  const none = noCredential(context);
  if (none !== null) return none;
  const { request, deliver } = context.flow.definition;
  const to = `delivered to ${deliver.to.join(', ')}`;
  if (deliver.humanVisible !== 'never') return fail(`${to}, and people may see it`);
  return 'from' in request.by && deliver.to.includes('caller')
    ? fail(`${to}, who is a person of ${request.by.from}`)
    : pass(`${to}, never visible to a person`);
};
