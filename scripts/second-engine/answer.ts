import { createInterface } from 'node:readline';
import { init, killThreads } from 'z3-solver';

/**
 * A second opinion on statements: reads one JSON text of SMT-LIB a line, answers `sat`, `unsat` or `unknown` a line. It is
 * a process of its own, so that a solver that crashes or hangs takes nothing with it; only tests start it.
 */
const api = await init();
const context = api.Context('main');
for await (const line of createInterface({ input: process.stdin })) {
  const text: unknown = JSON.parse(line);
  // For finite domains, which is all that is asked.
  const solver = new context.Solver('QF_FD');
  // Not `eval_smtlib2_string`: its text is gone from the stack before the solver's thread has read it.
  solver.fromString(String(text));
  process.stdout.write(`${await solver.check()}\n`);
  solver.release();
}
await killThreads(api.em);
