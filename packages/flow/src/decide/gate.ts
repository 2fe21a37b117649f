import { readFreezeState } from '@writ/core';
import { type Check, reason } from './context.ts';

/** Freeze is the first gate, and no flow text can express or remove it. A scope whose state was not read counts as frozen. */
export const gate: Check = (context) =>
  context.freezeScopes.flatMap((scope) => {
    const cell = Object.hasOwn(context.facts.freezes, scope) ? context.facts.freezes[scope] : undefined;
    if (cell !== undefined && !readFreezeState(cell).frozen) return [];
    const help = 'a revalidation run lifts a freeze; ask the owner';
    return [reason('request', 'gate.freeze', `issuance is frozen for \`${scope}\``, { help })];
  });
