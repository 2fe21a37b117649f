import { setTimeout as sleep } from 'node:timers/promises';
import { must, Unexpected } from '../../expect.ts';
import { list, text } from '../../json.ts';
import { waiting } from '../answers.ts';
import { REPORTING, requestFor } from '../asking.ts';
import { edit } from '../installation.ts';
import type { Person } from '../person.ts';
import type { ApprovalStep } from '../step.ts';

const FLOW = 'flows/identity-issue.flow.yaml';
/** Milliseconds: what the flow says from here on. */
const EXPIRES = 2_000;
/** Milliseconds that republishing may take. */
const LIMIT = 10_000;

export const expired: ApprovalStep = {
  name: 'expired',
  must: 'too late is no',
  run: async ({ directory, person }) => {
    const [rui, mei] = [person('user:rui'), person('user:mei')];
    const wish = requestFor({ ...REPORTING, name: 'svc-late' });
    edit(directory, FLOW, (flow) =>
      flow.replace('version: 1', 'version: 2').replaceAll('expires: 72h', 'expires: 2s'),
    );
    await republished(rui, wish);
    const { run } = waiting('the service account', await rui.post('/runs', wish));
    await sleep(EXPIRES + 200);
    must('the approval', 409, (await mei.approve(run, 'owner-accepts')).status);
    must('the run', 'expired', text((await rui.get(`/runs/${run}`)).body, 'state'));
    must('an identity', 404, (await rui.get('/identities/svc-late')).status);
    edit(directory, FLOW, (flow) =>
      flow.replace('version: 2', 'version: 3').replaceAll('expires: 2s', 'expires: 72h'),
    );
    return {
      outcome: 'expired',
      detail:
        'the flow, edited and republished, says `expires: 2s`; its owner comes later, and finds the run ended',
      decidedBy: 'expires',
    };
  },
};

/** Until a request would wait for seconds alone. @throws Unexpected */
async function republished(person: Person, wish: object): Promise<void> {
  const limit = Date.now() + LIMIT;
  for (;;) {
    const { body } = await person.post('/runs/preview', wish);
    const [obligation] = list(body, 'obligations');
    if (Date.parse(text(obligation, 'expires')) < Date.now() + LIMIT) return;
    if (Date.now() > limit) throw new Unexpected('the edited flow', 'published', body);
    await sleep(100);
  }
}
