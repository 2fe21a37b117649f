import { readFreezeState } from '@writ/core';
import { type Check, type Context, reason } from './context.ts';
import { freezeScopesOf } from './freeze-scopes.ts';

/** Every scope of this issuance, whatever evidence was accepted: presented anchors count too. */
export function scopesOf(context: Pick<Context, 'identity' | 'flow' | 'right' | 'facts'>): readonly string[] {
  return freezeScopesOf({
    identity: context.identity,
    flow: context.flow.definition.name,
    right: context.right.id,
    anchors: context.facts.evidence.map(({ anchor }) => anchor),
  });
}

/** Freeze is the first gate, and no flow text can express or remove it. A scope whose state was not read counts as frozen. */
export const gate: Check = (context) =>
  scopesOf(context).flatMap((scope) => {
    const cell = Object.hasOwn(context.facts.freezes, scope) ? context.facts.freezes[scope] : undefined;
    if (cell !== undefined && !readFreezeState(cell).frozen) return [];
    const help = 'a revalidation run lifts a freeze; ask the owner';
    return [reason('request', 'gate.freeze', `issuance is frozen for \`${scope}\``, { help })];
  });
