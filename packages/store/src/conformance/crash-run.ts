import { STEPS } from '../log-options.ts';
import { commit, entry, many, setCell } from './commits.ts';
import type { Place } from './place.ts';

/** Commits acknowledged before the crash, and commits in the batch that crashes. */
export const BEFORE = 3;
export const CRASHING = 5;

/**
 * In a process of its own: makes a batch durable, then dies by SIGKILL at the named step of the next one.
 *
 * @public named by the text of `crashProgram`
 */
export async function crashRun(open: Place['open'], stepName: string): Promise<void> {
  const step = STEPS.find((name) => name === stepName);
  if (step === undefined) throw new Error(`no step \`${stepName}\``);
  let armed = false;
  const store = await open({
    fault: (at) => {
      if (armed && at === step) process.kill(process.pid, 'SIGKILL');
    },
  });
  await Promise.all(many(BEFORE, (n) => store.commit(commit({ append: entry(`before ${n}`) }))));
  armed = true;
  await Promise.all(
    many(CRASHING, (n) =>
      store.commit(commit({ append: entry(`crashing ${n}`), write: [setCell(`crashing ${n}`, 'done')] })),
    ),
  );
}

/**
 * The text of a module that runs `crashRun`, for a process of its own: `opener` is an expression over `driver` (the
 * module at `driverUrl`), `options` and `address`, its first argument; its second is the step.
 */
export function crashProgram(driverUrl: URL, opener: string): string {
  return `
    import { crashRun } from '${import.meta.url}';
    import { logOptions } from '${new URL('./place.ts', import.meta.url).href}';
    import * as driver from '${driverUrl.href}';
    const [, address, step] = process.argv;
    await crashRun((opening) => {
      const options = logOptions(opening);
      return ${opener};
    }, step);
  `;
}
