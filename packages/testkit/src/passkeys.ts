/** Passkeys alone, for tests that need nothing else of the house. */
export * from './hostile-passkeys.ts';
export * from './software-passkey.ts';
export * from './write-cbor.ts';
