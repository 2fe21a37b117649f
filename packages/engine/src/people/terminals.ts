import { type Row, Secret, type Session, type StoredRow, WritError, type Write } from '@writ/core';
import type { Ports } from '../ports.ts';
import { openBody, sealedBody } from './sealed-row.ts';
import { secretId } from './secret-text.ts';
import type { Sessions, SignedIn } from './sessions.ts';
import { readUserCode, userCodeOf } from './user-code.ts';

/** Milliseconds: as long as the nonce that a device code is. */
const LIFE = 5 * 60_000;
const ABOUT = 'terminal';

export interface TerminalCode {
  /** what the terminal polls with: nobody guesses it */
  readonly deviceCode: Secret<string>;
  /** what the person types: `BCDF-GHJK-LMNP` */
  readonly userCode: string;
  /** milliseconds since the epoch */
  readonly expiresAt: number;
}

/** What a poll finds. `gone`: no code of ours, too old, or handed out before. */
export type Polled =
  | { readonly state: 'waiting' | 'gone' }
  | { readonly state: 'signed-in'; readonly signedIn: SignedIn };

export interface Terminals {
  start(): TerminalCode;
  confirm(session: Session, userCode: string): Promise<void>;
  poll(deviceCode: string): Promise<Polled>;
}

interface Body {
  /** the session that let it in */
  readonly session: string;
}

/**
 * Sign-ins of terminals (RFC 8628). Whoever begins one has shown nothing of themselves, so nothing is kept of it until a
 * signed-in person types its code. What the terminal gets ends with that person's session, so it prolongs nothing.
 */
export function createTerminals(ports: Ports, sessions: Sessions): Terminals {
  const { store, challenges, now, sha256 } = ports;
  return {
    start: () => {
      const at = now();
      const deviceCode = challenges.issue(ABOUT, at);
      const userCode = userCodeOf(sha256, deviceCode);
      return { deviceCode: new Secret(deviceCode), userCode, expiresAt: at + LIFE };
    },
    confirm: async (session, typed) => {
      const userCode = readUserCode(typed);
      if (userCode === null) throw new WritError('unknown', 'no terminal shows this code');
      const until = now() + LIFE;
      const columns = {
        id: secretId(ports, userCode),
        user_code: userCode,
        state: 'confirmed',
        expires_at: until,
      };
      const result = await store.commit({
        expect: [],
        consume: [{ key: `terminal:${userCode}`, holder: null, until }],
        append: null,
        write: [rowWrite(ports, columns, { session: session.id })],
      });
      if (result.outcome === 'lost') throw new WritError('conflict', 'this terminal was let in before');
    },
    poll: async (deviceCode) => {
      const spent = challenges.verify(deviceCode, ABOUT, now());
      if (spent === null) return { state: 'gone' };
      const row = await store.read.row('device_codes', secretId(ports, userCodeOf(sha256, deviceCode)));
      const confirmed = row === null ? null : readRow(ports, row);
      if (confirmed === null || now() >= confirmed.expiresAt) return { state: 'waiting' };
      const followed = await sessions.follow(confirmed.session);
      if (followed === null) return { state: 'gone' };
      const { signedIn, write } = followed;
      const result = await store.commit({ expect: [], consume: [spent], append: null, write: [write] });
      return result.outcome === 'lost' ? { state: 'gone' } : { state: 'signed-in', signedIn };
    },
  };
}

function rowWrite(ports: Ports, columns: Omit<Row<'device_codes'>, 'body'>, { session }: Body): Write {
  const body = sealedBody(ports, 'device_codes', columns, { session });
  return { kind: 'row', table: 'device_codes', row: { ...columns, body } };
}

function readRow(
  ports: Ports,
  { entry: _entry, body, ...columns }: StoredRow<'device_codes'>,
): Body & { readonly expiresAt: number } {
  const { session } = openBody<Body>(ports, 'device_codes', columns, body);
  return { session, expiresAt: columns.expires_at };
}
