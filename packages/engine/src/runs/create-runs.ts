import { type Session, WritError } from '@writ/core';
import { ask, preview } from './ask.ts';
import { cancelRun, challenge, type DecidingParts, decideRun, denyRun } from './decide-run.ts';
import { identitiesOf, identityOf, inboxOf, runsOf } from './lists.ts';
import { propose } from './propose.ts';
import type { Runs, RunView } from './runs.ts';
import { seenRun } from './view.ts';
import { viewerOf } from './visible.ts';

export function createRuns(parts: DecidingParts): Runs {
  const find = async (session: Session, run: string): Promise<RunView | null> =>
    (await (await seenRun(parts, session, run))?.view()) ?? null;
  return {
    find,
    ask: (session, asked) => ask(parts, find, session, asked),
    propose: (session, change) => propose(parts, find, session, change),
    artefacts: async (session) => {
      const set = await parts.inForce.current();
      if ((await viewerOf(parts.ports, set, session)) === null)
        throw new WritError('refused', 'you are not among the people');
      return { hash: set.hash, files: await parts.changes.files(set.hash) };
    },
    preview: (session, asked) => preview(parts, session, asked),
    mine: (session, page) => runsOf(parts, session, page),
    inbox: (session) => inboxOf(parts, session),
    challenge: (session, asked) => challenge(parts, session, asked),
    decide: (session, given) => decideRun(parts, session, given),
    deny: (session, denied) => denyRun(parts, session, denied),
    cancel: (session, run) => cancelRun(parts, session, run),
    identities: (session, asked) => identitiesOf(parts, session, asked),
    identity: (session, name) => identityOf(parts, session, name),
  };
}
