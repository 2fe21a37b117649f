import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../expect.ts';
import type { Stage } from '../scene.ts';
import type { Step } from '../step.ts';

/** The last step: nothing that came out of the run, and nothing that it left behind, holds a token or key. */
export const silence: Step<Stage> = {
  name: 'canary',
  must: 'no token, no key, anywhere',
  run: async ({ writ, canary, data, scratch }) => {
    await writ.stop();
    const master = join(data, 'master.key');
    canary.learn("Writ's master key", readFileSync(master, 'utf8').trim());
    for (const path of filesOf(scratch)) {
      if (path !== master) canary.hear(path.slice(scratch.length + 1), readFileSync(path));
    }
    canary.hear('environment', JSON.stringify(process.env));
    must('leaks', [], canary.leaks());
    const { places, bytes } = canary.seen;
    return {
      outcome: 'silent',
      detail: `${canary.secrets} tokens, proofs and keys are in none of ${places} outputs and files, the database among them`,
      decidedBy: `search of ${Math.round(bytes / 1024)} kB: text, base64, hex, PEM`,
    };
  },
};

function filesOf(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
}
