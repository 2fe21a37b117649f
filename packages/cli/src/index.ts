export { EXIT_CODES, type ExitName } from './exit-code.ts';
export { createProgram, runCli } from './run-cli.ts';
