export { readArtefacts } from './artefact-directory.ts';
export { type AuditReport, audit } from './commands/audit.ts';
export { dev } from './commands/dev.ts';
export { type Check, doctor } from './commands/doctor.ts';
export { init } from './commands/init.ts';
export type { Running, RunOptions } from './commands/run.ts';
export { serve } from './commands/serve.ts';
export { sha256 } from './compose.ts';
export type { Emit } from './events.ts';
