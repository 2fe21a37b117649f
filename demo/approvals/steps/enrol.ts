import type { PersonId } from '@writ/testkit';
import { must } from '../../expect.ts';
import { list, text } from '../../json.ts';
import type { ApprovalStep } from '../step.ts';

const FIRST: PersonId = 'user:ana';
const OTHERS: readonly PersonId[] = ['user:rui', 'user:mei', 'user:tom', 'user:ida'];

export const enrol: ApprovalStep = {
  name: 'enrol',
  must: 'each has a passkey, by invitation',
  run: async ({ writ, data, person }) => {
    const first = person(FIRST);
    await first.signIn();
    must('a passkey without an invitation', 403, (await first.enrol('A'.repeat(43))).status);
    // The link is printed once, to whoever runs the server, and spent at once: the canary does not look for it.
    const invited = await writ.run(['invite', '--first', FIRST, '--data', data]);
    must('the exit code of writ invite', 0, invited.code);
    must('her passkey', 201, (await first.enrol(new URL(invited.stdout.trim()).hash.slice(1))).status);

    for (const id of OTHERS) {
      const other = person(id);
      await other.signIn();
      must(`the passkey of ${id}`, 201, (await other.enrol(await first.invite(id))).status);
    }
    const passkeys = list((await first.get('/me')).body, 'passkeys').map((each) => text(each, 'id'));
    must('whose passkey is hers', [first.passkey], passkeys);
    return {
      outcome: 'enrolled',
      detail: `${FIRST} by the one-time link of the operator, ${OTHERS.length} more invited by her; sign-in by OIDC`,
      decidedBy: 'first-administrator, invitation',
    };
  },
};
