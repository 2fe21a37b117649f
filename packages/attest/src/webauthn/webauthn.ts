/**
 * Passkeys: Web Authentication Level 3, relying party. `verifyRegistration` (section 7.1) gives what a leaf records;
 * `verifyAssertion` (section 7.2) shows that the person of a recorded passkey consented to a challenge. Neither looks at
 * a clock, a store or a network.
 */
export type { ExpectedCeremony } from './client-data.ts';
export {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
  type SoftwareAuthenticatorOptions,
} from './software-authenticator.ts';
export { type ExpectedAssertion, type VerifiedAssertion, verifyAssertion } from './verify-assertion.ts';
export { type RegisteredPasskey, type Registration, verifyRegistration } from './verify-registration.ts';
