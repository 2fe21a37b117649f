import { must } from '../expect.ts';
import { createRunner } from '../runner.ts';
import type { Step } from '../step.ts';

export const otherKey: Step = {
  name: 'other-key',
  must: 'worthless to a thief',
  run: async ({ canary, server, release, deployApi }) => {
    const { granted } = release.take();
    const thief = await createRunner(server.take(), canary);
    const stolen = await thief.call(deployApi.url, granted.token);
    must('the thief', { status: 401, said: 'the proof is by another key than cnf.jkt' }, stolen);
    const headers = { authorization: `Bearer ${granted.token}` };
    const bearer = await fetch(deployApi.url, { method: 'POST', headers });
    must('the token as a bearer token', 401, bearer.status);
    return {
      outcome: 'refused',
      detail: 'the token with a proof by another key, and as a bearer token: 401 both times',
      decidedBy: 'cnf.jkt',
    };
  },
};
