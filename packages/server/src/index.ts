export { compose, type House, type OpenStore, openStore, sha256 } from './compose.ts';
export { type Config, readConfig } from './config.ts';
export { type DataDirectory, openDataDirectory } from './data-directory.ts';
export { apiDocument } from './http/api/api.ts';
export { metadataOf } from './http/metadata/metadata.ts';
export { OAUTH_ERRORS } from './http/oauth-error.ts';
export { PROBLEMS } from './http/problem.ts';
export { checkStoredLog } from './log-check.ts';
