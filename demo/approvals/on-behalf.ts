import { type PersonId, SUBJECTS } from '@writ/testkit';
import { type ApprovalScene, AUDIENCE } from './scene.ts';

/** On whose behalf the agent acts. */
export const PRINCIPAL: PersonId = 'user:rui';

/** A fresh ID token of the person: what the agent holds of them, and spends. */
export function idTokenOf({ workforce }: Pick<ApprovalScene, 'workforce'>, person: PersonId): string {
  return workforce.sign({ sub: SUBJECTS[person], aud: AUDIENCE, acr: 'phishing-resistant' });
}
