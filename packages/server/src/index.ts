export { compose, type House, sha256 } from './compose.ts';
export { type Config, readConfig } from './config.ts';
export { type DataDirectory, openDataDirectory } from './data-directory.ts';
