export { compose, type House, type OpenStore, openStore, sha256 } from './compose.ts';
export { type Config, readConfig } from './config.ts';
export { type DataDirectory, openDataDirectory } from './data-directory.ts';
