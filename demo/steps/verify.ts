import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, mustContain } from '../expect.ts';
import type { Step } from '../step.ts';

/** The exit code of `writ` when a signature, proof or audit does not hold. */
const VERIFICATION_FAILED = 8;

export const verify: Step = {
  name: 'verify',
  must: 'it holds, with nobody to ask',
  run: async ({ writ, data, scratch, release }) => {
    const { granted } = release.take();
    const files = {
      receipt: join(scratch, 'receipt'),
      policy: join(scratch, 'policy'),
      jwks: join(scratch, 'jwks'),
    };
    writeFileSync(files.receipt, granted.receipt);
    copyFileSync(join(data, 'trust.policy'), files.policy);
    copyFileSync(join(data, 'jwks.json'), files.jwks);
    const forged = join(scratch, 'forged');
    writeFileSync(forged, granted.receipt.replace(/^index \d+$/m, `index ${granted.index - 1}`));
    const { policy, jwks } = files;
    const check = (receipt: string) =>
      writ.run(['verify', '-', '--receipt', receipt, '--policy', policy, '--jwks', jwks], granted.token);

    const stopped = { code: await writ.stop(), answers: await writ.answers() };
    const [good, bad] = await Promise.all([check(files.receipt), check(forged)]);
    await writ.start();

    must('the server, stopped', { code: 0, answers: false }, stopped);
    must('the exit code', 0, good.code);
    mustContain('the report', `ledger #${granted.index} of acme.example/writ`, good.stdout);
    must('the exit code for a receipt of another index', VERIFICATION_FAILED, bad.code);
    return {
      outcome: 'verified',
      detail: 'Writ stopped: token and receipt hold against two public files, a forged receipt does not',
      decidedBy: 'inclusion, checkpoint',
    };
  },
};
