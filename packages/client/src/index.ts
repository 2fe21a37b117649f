export * from './api.ts';
export * from './api-problem.ts';
export type { ApiOptions } from './exchange.ts';
export * from './operator.ts';
export type * from './wire.ts';
