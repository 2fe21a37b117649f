import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { must, Unexpected } from '../../expect.ts';
import { list, member, text } from '../../json.ts';
import { registered, waiting } from '../answers.ts';
import type { ApprovalStep } from '../step.ts';

/** The exit code of `writ` when a signature, proof or audit does not hold. */
const VERIFICATION_FAILED = 8;
const RULE = 'owner-accepts';

export const swappedKey: ApprovalStep = {
  name: 'swapped-key',
  must: 'it approves nothing any more',
  run: async ({ writ, data, person, own }) => {
    const { run } = own.take();
    const mei = person('user:mei');
    const file = join(data, 'writ.db');
    const { index, record } = enrolment(file, mei.passkey);
    const swapped = record.replace(/"x":"(.)/, (_, first: string) => `"x":"${first === 'A' ? 'B' : 'A'}`);

    rewrite(file, index, swapped);
    await writ.start();
    waiting('the run', await mei.get(`/runs/${run}`));
    const { status, body } = await mei.approve(run, RULE);
    must('her approval', { status: 403, code: 'refused' }, { status, code: text(body, 'code') });
    must('the server, stopped', 0, await writ.stop());
    const { code, stdout } = await writ.run(['audit', '--data', data, '--json']);
    must('the exit code of the audit', VERIFICATION_FAILED, code);
    const findings = list(JSON.parse(stdout), 'findings');
    must('the first finding', index, member(findings[0], 'index'));
    const rules = [...new Set(findings.map((finding) => text(finding, 'rule')))];
    must('what is found', ['record-commitment', 'approval-authenticator'], rules);

    // The control: it was that byte, and nothing else.
    rewrite(file, index, record);
    await writ.start();
    registered('with the byte back', await mei.approve(run, RULE));
    return {
      outcome: 'found',
      detail: `a byte of ${mei.id}'s public key changed in the file: it approves nothing; writ audit names #${index} and what it signed`,
      decidedBy: rules.join(', '),
    };
  },
};

/** The entry that recorded a passkey. */
function enrolment(file: string, passkey: string): { readonly index: number; readonly record: string } {
  using database = new DatabaseSync(file);
  const { idx, record } =
    database
      .prepare("SELECT idx, record FROM entries WHERE record LIKE '%authenticator-added%' AND record LIKE ?")
      .get(`%"id":"${passkey}"%`) ?? {};
  if (typeof idx !== 'number' || typeof record !== 'string')
    throw new Unexpected('the entry of the passkey', 'a record', 'none');
  return { index: idx, record };
}

function rewrite(file: string, index: number, record: string): void {
  using database = new DatabaseSync(file);
  database.prepare('UPDATE entries SET record = ? WHERE idx = ?').run(record, index);
}
