import { resolve } from 'node:path';
import { docsMistakes } from './docs.ts';

const mistakes = docsMistakes(resolve(import.meta.dirname, '../..'));
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length === 0 ? 0 : 1;
