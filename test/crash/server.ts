import { openStore } from '@writ/server';
import { dev, type RunOptions } from '@writ/server/commands';
import { answerBeforeCommit } from './answer-before-commit.ts';

/** A server to be killed: `node server.ts DIRECTORY DATA PORT [sabotage]`. Says `ready` when it listens. */
const [directory = '', data = '', port = '', mode = ''] = process.argv.slice(2);
const options: RunOptions = {
  directory,
  data,
  listen: `127.0.0.1:${port}`,
  publicUrl: `http://127.0.0.1:${port}`,
  open: mode === 'sabotage' ? answerBeforeCommit : openStore,
};
await dev(options, () => undefined);
process.stdout.write('ready\n');
