import type { Identity, Write } from '@writ/core';
import { timerWrites } from './notices.ts';

const DAY = 86_400_000;

/** Days before its end at which people hear of it, and who does: the owner, then the deputy as well, then everybody behind both. */
export const NOTICES = [
  { days: 30, to: ['owner'] },
  { days: 14, to: ['owner', 'deputy'] },
  { days: 7, to: ['owner', 'deputy', 'team'] },
  { days: 1, to: ['owner', 'deputy', 'team'] },
] as const;

export type Notice = (typeof NOTICES)[number];

/** The notice that is due at `now` or passed last, or null where none is due yet. */
export function noticeDue({ expires }: Identity, now: number): Notice | null {
  return NOTICES.findLast(({ days }) => expires - days * DAY <= now) ?? null;
}

/** Sets the one timer of an identity to its next notice after `now`; `run` is the one that registered it. */
export function noticeTimer(identity: Identity, now: number, run: string): readonly Write[] {
  const next = NOTICES.find(({ days }) => identity.expires - days * DAY > now);
  return timerWrites({
    id: `identity/${identity.name}`,
    kind: 'identity',
    about: identity.name,
    dueAt: next === undefined ? 0 : identity.expires - next.days * DAY,
    attempt: 0,
    body: run,
  });
}
