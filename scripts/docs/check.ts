import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { GITHUB_ACTIONS_CLAIMS, GITLAB_CI_CLAIMS } from '@writ/core';
import { readApiDocument } from '../wire/document.ts';
import { apiOperations, apiProblems, apiShapes } from './api.ts';
import { cliReference, exitCodeTable } from './cli.ts';
import { controlCheckTable } from './control-checks.ts';
import { docsMistakes } from './docs.ts';
import { generatedMistakes } from './generated.ts';
import { drawHouse } from './house.ts';
import { lintExample, lintHeld, lintNotDecided, lintRules, lintTable } from './lint.ts';
import {
  claimTable,
  credentialClassTable,
  eventSchemaDocument,
  eventTable,
  kindTable,
  leafTypeTable,
  metadataDocument,
  oauthErrorMistakes,
  storeTable,
} from './tables.ts';

const root = resolve(import.meta.dirname, '../..');
const errors = 'docs/reference/errors.md';

const api = await readApiDocument();

const sections = {
  'api-operations': () => apiOperations(api),
  'api-shapes': () => apiShapes(api),
  'api-problems': apiProblems,
  cli: cliReference,
  'exit-codes': exitCodeTable,
  house: () => `\`\`\`text\n${drawHouse()}\n\`\`\``,
  'github-claims': () => claimTable(GITHUB_ACTIONS_CLAIMS),
  'gitlab-claims': () => claimTable(GITLAB_CI_CLAIMS),
  'leaf-types': leafTypeTable,
  'credential-classes': credentialClassTable,
  kinds: kindTable,
  'control-checks': controlCheckTable,
  events: eventTable,
  'event-schema': eventSchemaDocument,
  tables: storeTable,
  metadata: metadataDocument,
  'lint-table': lintTable,
  'lint-example': lintExample,
  'lint-rules': lintRules,
  'lint-held': lintHeld,
  'lint-not-decided': lintNotDecided,
};

/** `--fix` writes the generated parts of the pages. */
const mistakes = [
  ...generatedMistakes(root, sections, process.argv.includes('--fix')),
  ...oauthErrorMistakes(readFileSync(join(root, errors), 'utf8')).map((mistake) => `${errors}: ${mistake}`),
  ...docsMistakes(root),
];
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length === 0 ? 0 : 1;
