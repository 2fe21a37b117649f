import { must, mustContain } from '../../expect.ts';
import { member, text } from '../../json.ts';
import { refusedBy } from '../answers.ts';
import { REPORTING, requestFor } from '../asking.ts';
import type { ApprovalStep } from '../step.ts';

/** What a request cannot be without (S0.8): owner, purpose, end and scope, and what else belongs to an identity. */
const NEEDED = ['owner', 'deputy', 'purpose', 'environment', 'expires'];

export const noOwner: ApprovalStep = {
  name: 'no-owner',
  must: 'all that is missing, at once',
  run: async ({ person }) => {
    const rui = person('user:rui');
    const good = requestFor(REPORTING);
    const { name, kind } = REPORTING;
    const bare = await rui.post('/runs', { ...without(good, 'scopes'), identity: { name, kind } });
    const missing = [...NEEDED.map((each) => `request.identity.${each}`), 'request.scopes'];
    must('what is missing', missing.toSorted(), refusedBy('of nobody', 400, bare).toSorted());
    for (const each of [...NEEDED, 'scopes']) mustContain('the sentence', each, text(bare.body, 'detail'));

    const scopeless = await rui.post('/runs', without(good, 'scopes'));
    must('without scopes', ['request.scopes'], refusedBy('without scopes', 400, scopeless));
    for (const each of NEEDED) {
      const lacking = { ...good, identity: without(member(good, 'identity'), each) };
      const rules = refusedBy(`without ${each}`, 400, await rui.post('/runs', lacking));
      must(`what is missing without ${each}`, [`request.identity.${each}`], rules);
    }
    must('an identity of that name', 404, (await rui.get(`/identities/${name}`)).status);
    return {
      outcome: 'refused',
      detail: `asked for without ${NEEDED.join(', ')} and scopes: all six are named, and each alone refuses`,
      decidedBy: 'request.identity.owner, …',
    };
  },
};

function without(whole: unknown, name: string): object {
  return Object.fromEntries(Object.entries(whole ?? {}).filter(([key]) => key !== name));
}
