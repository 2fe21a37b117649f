export * from './operator.ts';
export * from './verify-webhook.ts';
