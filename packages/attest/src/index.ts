export { type OpenedAccessToken, openAccessToken, untrustedIssuer } from './access-token/access-token.ts';
export * from './attestor.ts';
export { createAttestors } from './attestors.ts';
export {
  CLIENT_ASSERTION_ALGORITHMS,
  type ClientAssertion,
  verifyClientAssertion,
} from './client-assertion/client-assertion.ts';
export {
  createDpopNonces,
  DPOP_ALGORITHMS,
  type DpopNonces,
  type DpopProof,
  verifyDpopProof,
} from './dpop/dpop.ts';
export * from './dpop/dpop-error.ts';
export * from './evidence-error.ts';
export {
  isStrictList,
  isStrictObject,
  parseStrictJson,
  type StrictJson,
  type StrictObject,
} from './jws/strict-json.ts';
