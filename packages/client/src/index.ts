export * from './operator.ts';
export * from './sign-in.ts';
export * from './verify-webhook.ts';
