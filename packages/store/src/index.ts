export { MAX_KEY, MAX_TEXT } from './admit.ts';
export { type Committer, createCommitter, MAX_BATCH, type RunBatch } from './committer.ts';
export { type LogOptions, STEPS, type Step } from './log-options.ts';
export {
  INDEXED,
  type IndexedColumn,
  MAX_ENTRIES,
  type Reader,
  type Store,
  type StoredEntry,
  type TreeHead,
  type Where,
} from './port.ts';
export { settle } from './settle.ts';
export { storedRow } from './stored-row.ts';
