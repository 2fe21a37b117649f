import { must, Unexpected } from '../expect.ts';
import { list, member, text } from '../json.ts';
import type { Step } from '../step.ts';

export const explain: Step = {
  name: 'explain',
  must: 'the rules that decided',
  run: async ({ writ, data, release }) => {
    const { granted } = release.take();
    const { code, stdout } = await writ.run(['explain', granted.run, '--data', data, '--json']);
    must('the exit code', 0, code);
    const issuance: unknown = JSON.parse(stdout);
    must(
      'what it is',
      { kind: 'issuance', live: true },
      { kind: member(issuance, 'kind'), live: member(issuance, 'live') },
    );
    const rules = list(issuance, 'record', 'decided_by').map(String);
    const permit = rules.find((rule) => rule.startsWith('policy.permit.'));
    if (permit === undefined) throw new Unexpected('the rules', 'a permit among them', rules);
    return {
      outcome: 'explained',
      detail: `writ explain: by ${rules.join(', ')}; owner ${text(issuance, 'record', 'owner')}`,
      decidedBy: permit,
    };
  },
};
