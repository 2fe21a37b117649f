/**
 * Issuances that are committed, or about to be, and not yet signed. A freeze and the retirement of a key are acknowledged
 * only when those that were under way before them are through: after the acknowledgement nothing of the frozen scope is
 * signed.
 */
export interface Outstanding {
  /** Counts from before the commit until the returned function is called. */
  begin(): () => void;
  /** Resolves when everything that is under way now has ended. */
  drained(): Promise<void>;
}

export function createOutstanding(): Outstanding {
  const running = new Set<Promise<void>>();
  return {
    begin: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      running.add(promise);
      return () => {
        running.delete(promise);
        resolve();
      };
    },
    drained: async () => {
      await Promise.all(running);
    },
  };
}
