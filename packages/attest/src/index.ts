export * from './attestor.ts';
export * from './dpop/dpop-error.ts';
export * from './evidence-error.ts';
