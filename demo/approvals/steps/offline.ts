import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../../expect.ts';
import { member } from '../../json.ts';
import type { ApprovalStep } from '../step.ts';

export const offline: ApprovalStep = {
  name: 'offline',
  must: 'receipts and approvals hold',
  run: async ({ writ, data, scratch, granted }) => {
    const policy = join(scratch, 'policy');
    const jwks = join(scratch, 'jwks');
    copyFileSync(join(data, 'trust.policy'), policy);
    copyFileSync(join(data, 'jwks.json'), jwks);
    must(
      'the server, stopped',
      { code: 0, answers: false },
      {
        code: await writ.stop(),
        answers: await writ.answers(),
      },
    );
    for (const { token, receipt, index } of granted) {
      const file = join(scratch, `receipt-${index}`);
      writeFileSync(file, receipt);
      const { code } = await writ.run(
        ['verify', '-', '--receipt', file, '--policy', policy, '--jwks', jwks],
        token,
      );
      must(`the receipt of ledger #${index}`, 0, code);
    }
    const { code, stdout } = await writ.run(['audit', '--data', data, '--json']);
    must('the exit code of the audit', 0, code);
    const report: unknown = JSON.parse(stdout);
    must('the findings', [], member(report, 'findings'));
    return {
      outcome: 'verified',
      detail: `Writ stopped: ${granted.length} receipts hold; writ audit: ${String(member(report, 'size'))} entries, each approval by a key in a leaf`,
      decidedBy: 'inclusion, passkey signatures',
    };
  },
};
