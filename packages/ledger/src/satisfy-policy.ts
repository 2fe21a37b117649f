import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { cosignatureTime, cosignatureVerifier } from './cosignature.ts';
import { ed25519Verifier, type VerifyEd25519 } from './ed25519.ts';
import { LedgerError } from './ledger-error.ts';
import { isBy, type VerifiedNote, verifyNote } from './note.ts';
import type { Policy, Quorum } from './policy.ts';

/** A witness that cosigned, and when, in seconds since the epoch. */
export interface Witnessed {
  readonly name: string;
  readonly time: number;
}

/** A checkpoint that a policy accepts, with all witnesses of the policy that cosigned it. */
export interface PolicyVerdict {
  readonly checkpoint: Checkpoint;
  readonly witnesses: readonly Witnessed[];
}

/**
 * Verifies a signed checkpoint against a policy: signed by one of its logs under that log's own origin, and
 * cosigned by the quorum. Cosignature times are handed back, not judged: there is no clock here.
 *
 * @throws LedgerError of `verifyNote`, `checkpoint-malformed`, `policy-unsatisfied`
 */
export function satisfyPolicy(policy: Policy, checkpointNote: string, verify: VerifyEd25519): PolicyVerdict {
  const note = verifyNote(checkpointNote, [
    ...policy.logs.map((log) => ed25519Verifier(log.key, verify)),
    ...policy.witnesses.map((witness) => cosignatureVerifier(witness.key, verify)),
  ]);
  const checkpoint = parseCheckpoint(note.text);
  const signed = policy.logs.some(
    (log) =>
      log.key.name === checkpoint.origin && note.signatures.some((signature) => isBy(signature, log.key)),
  );
  if (!signed) {
    throw new LedgerError(
      'policy-unsatisfied',
      `no log of the policy signed the checkpoint of \`${checkpoint.origin}\``,
    );
  }
  const witnesses = witnessesOf(policy, note);
  if (!isMet(policy.quorum, new Set(witnesses.map((witness) => witness.name)))) {
    const names = witnesses.map((witness) => witness.name).join(', ');
    throw new LedgerError(
      'policy-unsatisfied',
      `the quorum is not met; cosigned by: ${names === '' ? 'nobody' : names}`,
    );
  }
  return { checkpoint, witnesses };
}

function witnessesOf(policy: Policy, note: VerifiedNote): Witnessed[] {
  return policy.witnesses.flatMap(({ name, key }) => {
    const found = note.signatures.find((signature) => isBy(signature, key));
    const time = found === undefined ? null : cosignatureTime(found.signature);
    return time === null ? [] : [{ name, time }];
  });
}

function isMet(quorum: Quorum, witnessed: ReadonlySet<string>): boolean {
  switch (quorum.kind) {
    case 'none':
      return true;
    case 'witness':
      return witnessed.has(quorum.name);
    case 'group':
      return quorum.members.filter((member) => isMet(member, witnessed)).length >= quorum.threshold;
  }
}
