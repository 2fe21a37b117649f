export { EXIT_CODES, type ExitName } from './exit-code.ts';
export { runCli } from './run-cli.ts';
