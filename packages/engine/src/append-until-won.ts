import { type Commit, type CommitResult, type Loss, WritError } from '@writ/core';

/** Attempts of a unit of work whose preconditions are read afresh each time (law 2). */
export const ATTEMPTS = 3;

/**
 * Makes a commit from fresh reads, up to three times, until it wins; then gives up with `contention`. `make` answers null
 * when there is nothing left to do.
 */
export async function appendUntilWon<T>(
  make: () => Promise<{ readonly commit: Commit; readonly won: (result: Won) => T } | { readonly done: T }>,
  commit: (commit: Commit) => Promise<CommitResult>,
): Promise<T> {
  let loss: Loss | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const made = await make();
    if ('done' in made) return made.done;
    const result = await commit(made.commit);
    if (result.outcome === 'committed') return made.won(result);
    loss = result.loss;
  }
  throw new WritError('contention', `others kept changing ${describeLoss(loss)}; try again`);
}

export type Won = Extract<CommitResult, { outcome: 'committed' }>;

function describeLoss(loss: Loss | null): string {
  switch (loss?.kind) {
    case 'cell':
      return `\`${loss.cell}\``;
    case 'consumed':
      return 'what this was about';
    default:
      return 'the budget';
  }
}
