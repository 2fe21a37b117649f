import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { must, Unexpected } from '../expect.ts';
import { list, member, text } from '../json.ts';
import type { Step } from '../step.ts';
import type { Ended } from '../writ-process.ts';

/** The exit code of `writ` when a signature, proof or audit does not hold. */
const VERIFICATION_FAILED = 8;

export const tamper: Step = {
  name: 'tamper',
  must: 'the audit says what and where',
  run: async ({ writ, data, release }) => {
    const { index } = release.take().granted;
    const audit = (): Promise<Ended> => writ.run(['audit', '--data', data, '--json']);
    must('the exit code of the server when it is stopped', 0, await writ.stop());
    must('the exit code of the audit before', 0, (await audit()).code);

    using database = new DatabaseSync(join(data, 'writ.db'));
    const { record, leaf } =
      database.prepare('SELECT record, leaf FROM entries WHERE idx = ?').get(index) ?? {};
    if (typeof record !== 'string' || !(leaf instanceof Uint8Array))
      throw new Unexpected(`ledger #${index}`, 'a record and a leaf', 'none');
    const write = database.prepare('UPDATE entries SET record = ?, leaf = ? WHERE idx = ?');

    // An administrator who would have it that the token lived longer: 600 s become 900 s.
    write.run(record.replace('"ttl":600', '"ttl":900'), leaf, index);
    const rewritten = found(await audit(), index);
    write.run(
      record,
      Uint8Array.from(leaf, (byte, i) => (i === leaf.length - 1 ? byte ^ 1 : byte)),
      index,
    );
    const flipped = found(await audit(), index);
    return {
      outcome: 'found',
      detail: `ttl 600 made 900 in the file, then a byte of the leaf: writ audit names #${index} both times, exit ${VERIFICATION_FAILED}`,
      decidedBy: `${rewritten}, ${flipped}`,
    };
  },
};

/** The rule that a finding about this entry names. */
function found({ code, stdout }: Ended, index: number): string {
  must('the exit code of the audit', VERIFICATION_FAILED, code);
  const findings = list(JSON.parse(stdout), 'findings');
  const finding = findings.find((each) => member(each, 'index') === index);
  if (finding === undefined) throw new Unexpected('the findings', `one at #${index}`, findings);
  return text(finding, 'rule');
}
