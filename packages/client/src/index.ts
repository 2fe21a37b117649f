export * from './api.ts';
export * from './api-problem.ts';
export type { ApiOptions } from './exchange.ts';
export * from './operator.ts';
export * from './sample-assertion.ts';
export * from './sign-out.ts';
export * from './verify-webhook.ts';
export type * from './wire.ts';
