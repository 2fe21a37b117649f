import { type Check, reason } from './context.ts';

/** The holder's key is of a kind the flow binds to; without a key, only a flow that says `none` goes on. */
export const bindStage: Check = ({ flow, facts }) => {
  const { pop } = flow.definition.bind;
  const shown = facts.holder?.pop ?? 'none';
  const named = facts.holder === null || (facts.holder.thumbprint ?? '') !== '';
  if (named && pop.some((allowed) => allowed === shown)) return [];
  const help = pop.length === 0 ? undefined : `prove possession of a key by ${pop.join(' or ')}`;
  return [reason('bind', 'bind.pop', `this flow does not bind to \`${shown}\``, { help })];
};

/** A token handed out repeatedly is believed only together with a key. */
export const firstKeyStage: Check = ({ set, facts }) => {
  const repeated = facts.evidence.filter(
    ({ anchor, signIn }) => signIn === undefined && set.anchors.get(anchor)?.replay === 'first-key',
  );
  if (repeated.length === 0 || facts.holder !== null) return [];
  return [reason('bind', 'proof.replay', 'this evidence counts only together with proof of a key')];
};

export const deliverStage: Check = ({ flow }) =>
  flow.definition.deliver.to.length > 0
    ? []
    : [reason('deliver', 'deliver.to', 'this flow delivers nowhere')];

/** An identity that may not be told apart from a repeated one: replay protection needs the token's id. */
export const replayStage: Check = ({ set, facts }) =>
  facts.evidence.flatMap(({ anchor, tokenId, signIn }) =>
    signIn === undefined && set.anchors.get(anchor)?.replay !== 'first-key' && (tokenId ?? '') === ''
      ? [reason('proof', 'proof.replay', 'the evidence has no `jti`, so it cannot be spent')]
      : [],
  );
