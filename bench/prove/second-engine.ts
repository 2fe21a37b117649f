import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { secondOpinion } from '@writ/prove';
import type { Case } from './cases.ts';
import { round } from './measure.ts';

/** z3 on the same values, in a process of its own, as the tests ask it. */
export class SecondEngine implements AsyncDisposable {
  readonly #child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../scripts/second-engine/answer.ts')],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  readonly #lines: Interface = createInterface({ input: this.#child.stdout });

  /** Milliseconds from question to answer, parsing included; the engine has been started before. */
  async ask({ old, fresh, verdict }: Case): Promise<{ readonly agrees: boolean; readonly ms: number }> {
    const text = secondOpinion(old, fresh);
    const began = performance.now();
    const answer = this.#next();
    this.#child.stdin.write(`${JSON.stringify(text)}\n`);
    const sat = (await answer) === 'sat';
    return { agrees: sat === (verdict === 'wider'), ms: round(performance.now() - began) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'close');
  }

  #next(): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#lines.once('line', resolve);
    return promise;
  }
}
