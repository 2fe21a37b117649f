import { addPasskeyOperation } from '../passkeys/add.ts';
import { challengePasskeyOperation } from '../passkeys/challenge.ts';
import { invitePersonOperation } from '../passkeys/invite.ts';
import { listPasskeysOperation } from '../passkeys/list.ts';
import { reportLossOperation } from '../passkeys/lost.ts';
import { showMeOperation } from '../passkeys/me.ts';
import { replacePasskeyOperation } from '../passkeys/replace.ts';
import { confirmTerminalOperation } from '../terminals/confirm.ts';
import { pollTerminalOperation } from '../terminals/poll.ts';
import { startTerminalOperation } from '../terminals/start.ts';
import { getArtefactsOperation } from './changes/in-force.ts';
import { proposeChangeOperation } from './changes/propose.ts';
import { listIdentitiesOperation } from './identities/list.ts';
import { showIdentityOperation } from './identities/show.ts';
import { inboxOperation } from './inbox/inbox.ts';
import type { OpenOperation, Operation } from './operation.ts';
import { askOperation } from './runs/ask.ts';
import { cancelOperation } from './runs/cancel.ts';
import { challengeOperation } from './runs/challenge.ts';
import { approveOperation, confirmOperation } from './runs/decide.ts';
import { denyOperation } from './runs/deny.ts';
import { listRunsOperation } from './runs/list.ts';
import { previewOperation } from './runs/preview.ts';
import { showRunOperation } from './runs/show.ts';

/** Everything that people do with runs, identities and their own passkeys over HTTP. */
export const OPERATIONS: readonly Operation[] = [
  askOperation,
  previewOperation,
  listRunsOperation,
  showRunOperation,
  challengeOperation,
  approveOperation,
  confirmOperation,
  denyOperation,
  cancelOperation,
  proposeChangeOperation,
  getArtefactsOperation,
  inboxOperation,
  listIdentitiesOperation,
  showIdentityOperation,
  showMeOperation,
  listPasskeysOperation,
  challengePasskeyOperation,
  addPasskeyOperation,
  replacePasskeyOperation,
  reportLossOperation,
  invitePersonOperation,
  confirmTerminalOperation,
];

/** What is done before anybody is signed in. */
export const OPEN_OPERATIONS: readonly OpenOperation[] = [startTerminalOperation, pollTerminalOperation];
