export * from './ci-claims.ts';
export * from './dpop-key.ts';
export * from './oidc-anchor.ts';
export * from './oidc-issuer.ts';
export * from './postgres-server.ts';
export * from './world.ts';
