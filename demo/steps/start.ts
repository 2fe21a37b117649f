import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../expect.ts';
import type { Step } from '../step.ts';

export const start: Step = {
  name: 'start',
  must: 'it serves, on a fresh file',
  run: async ({ writ, data }) => {
    must('a database before the start', false, existsSync(join(data, 'writ.db')));
    const from = performance.now();
    await writ.start();
    must('a database after the start', true, existsSync(join(data, 'writ.db')));
    const took = ((performance.now() - from) / 1000).toFixed(1);
    return {
      outcome: 'serving',
      detail: `Writ serves a copy of examples/acme on a fresh SQLite file after ${took} s`,
      decidedBy: '/readyz',
    };
  },
};
