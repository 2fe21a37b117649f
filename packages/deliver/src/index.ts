export * from './target.ts';
export * from './webhook-sender.ts';
