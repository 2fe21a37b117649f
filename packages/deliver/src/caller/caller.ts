import type { Target } from '../target.ts';

/**
 * The answer itself, on the channel the workload proved itself on. It keeps nothing, so it can revoke, overlap and expire
 * nothing: the credential's own life and introspection do that.
 */
export const caller: Target = {
  name: 'caller',
  abilities: { revoke: false, overlap: true, verify: false, expire: true },
  deliver: (delivery) => Promise.resolve(delivery),
};
