import { GITHUB_CLAIMS } from '@writ/testkit';
import { must, Unexpected } from '../expect.ts';
import { READING } from '../scene.ts';
import type { Step } from '../step.ts';

export const otherAudience: Step = {
  name: 'other-audience',
  must: 'good at one API alone',
  run: async ({ github, release, artifactsApi, deployApi }) => {
    const { runner, granted } = release.take();
    const here = await runner.call(artifactsApi.url, granted.token);
    must('the deploy token at the artifacts API', { status: 401, said: 'unexpected aud claim value' }, here);
    // The control: that API accepts its own tokens, so it was the audience that it refused.
    const own = await runner.exchange(github.sign(GITHUB_CLAIMS), READING);
    if (own.outcome === 'refused') throw new Unexpected('a token for the artifacts API', 'issued', own.body);
    must('its own token', 200, (await runner.call(artifactsApi.url, own.token)).status);
    must('that token at the deploy API', 401, (await runner.call(deployApi.url, own.token)).status);
    return {
      outcome: 'refused',
      detail: 'at the artifacts API: 401 for the deploy token, 200 for a token of its own',
      decidedBy: 'aud',
    };
  },
};
