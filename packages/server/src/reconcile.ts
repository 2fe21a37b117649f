import type { Reconciler } from '@writ/engine';
import type { Emit } from './events.ts';

/** Milliseconds between two looks at what is due. A look costs one indexed read. */
const LOOK = 1_000;

/**
 * Does what is due, as it falls due, until it is disposed of: then it waits for what is under way. A failure is reported,
 * and what it was about is tried again when its claim ends.
 */
export function reconcile(reconciler: Reconciler, emit: Emit): AsyncDisposable {
  const stop = new AbortController();
  const { signal: stopped } = stop;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      let done = 1;
      while (!stopped.aborted && done > 0) done = await reconciler.tick();
    } catch (error) {
      emit('failed', { what: 'the reconciler', message: error instanceof Error ? error.message : 'unknown' });
    }
    if (!stopped.aborted) schedule();
  };
  const schedule = (): void => {
    timer = setTimeout(() => {
      running = look();
    }, LOOK);
    timer.unref();
  };
  schedule();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
