export * from './issuer.ts';
