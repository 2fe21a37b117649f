import { type Row, type Secret, type Session, type StoredRow, WritError, type Write } from '@writ/core';
import type { Ports } from '../ports.ts';
import { openBody, sealedBody } from './sealed-row.ts';
import { drawSecret, secretId } from './secret-text.ts';
import type { Sessions, SignedIn } from './sessions.ts';

/** Milliseconds a code waits for a person. */
const LIFE = 10 * 60_000;
/** Consonants that nobody takes for one another, and that make no words (RFC 8628 §6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const CODE_LENGTH = 8;
/** The last byte from which letters come equally often: 12 × 20. */
const FAIR = 240;

export interface TerminalCode {
  /** what the terminal polls with: 256 random bits */
  readonly deviceCode: Secret<string>;
  /** what the person types: `BCDF-GHJK` */
  readonly userCode: string;
  /** milliseconds since the epoch */
  readonly expiresAt: number;
}

/** What a poll finds. `gone`: never there, too old, or handed out before. */
export type Polled =
  | { readonly state: 'waiting' | 'gone' }
  | { readonly state: 'signed-in'; readonly signedIn: SignedIn };

export interface Terminals {
  start(): Promise<TerminalCode>;
  confirm(session: Session, userCode: string): Promise<void>;
  poll(deviceCode: string): Promise<Polled>;
}

interface Body {
  /** the session that let it in, or none yet */
  readonly session: string;
}

/** Sign-ins of terminals (RFC 8628). What a terminal gets ends with the session that let it in, so it prolongs nothing. */
export function createTerminals(ports: Ports, sessions: Sessions): Terminals {
  const { store } = ports;

  const waiting = async (userCode: string): Promise<Opened | null> => {
    const rows = await store.read.rows('device_codes', { column: 'user_code', equals: userCode, limit: 10 });
    const live = rows
      .map((row) => readRow(ports, row))
      .filter(({ columns }) => columns.state === 'waiting' && ports.now() < columns.expires_at);
    // Two terminals with one code: nobody knows which is meant.
    return live.length === 1 ? (live[0] ?? null) : null;
  };

  return {
    start: async () => {
      const deviceCode = drawSecret(ports);
      const userCode = drawCode(ports);
      const expiresAt = ports.now() + LIFE;
      const id = secretId(ports, deviceCode.reveal());
      const columns = { id, user_code: userCode, state: 'waiting', expires_at: expiresAt };
      const write = rowWrite(ports, columns, { session: '' });
      await store.commit({ expect: [], consume: [], append: null, write: [write] });
      return { deviceCode, userCode, expiresAt };
    },
    confirm: async (session, typed) => {
      const found = await waiting(typed.trim().toUpperCase().replaceAll(' ', '-'));
      if (found === null)
        throw new WritError('unknown', 'no terminal waits with this code; start again there');
      const { columns } = found;
      const write = rowWrite(ports, { ...columns, state: 'confirmed' }, { session: session.id });
      const consume = [{ key: `device-confirm:${columns.id}`, holder: null, until: columns.expires_at }];
      const result = await store.commit({ expect: [], consume, append: null, write: [write] });
      if (result.outcome === 'lost') throw new WritError('conflict', 'this terminal was let in before');
    },
    poll: async (deviceCode) => {
      const row = await store.read.row('device_codes', secretId(ports, deviceCode));
      const found = row === null ? null : readRow(ports, row);
      if (found === null || ports.now() >= found.columns.expires_at) return { state: 'gone' };
      const { columns, body } = found;
      if (columns.state === 'waiting') return { state: 'waiting' };
      const session = columns.state === 'confirmed' ? await sessions.byId(body.session) : null;
      if (session === null) return { state: 'gone' };
      const { signedIn, write } = sessions.follow(session);
      const result = await store.commit({
        expect: [],
        consume: [{ key: `device-token:${columns.id}`, holder: null, until: columns.expires_at }],
        append: null,
        write: [write, rowWrite(ports, { ...columns, state: 'used' }, body)],
      });
      return result.outcome === 'lost' ? { state: 'gone' } : { state: 'signed-in', signedIn };
    },
  };
}

type Columns = Omit<Row<'device_codes'>, 'body'>;
interface Opened {
  readonly columns: Columns;
  readonly body: Body;
}

function rowWrite(ports: Ports, columns: Columns, { session }: Body): Write {
  const body = sealedBody(ports, 'device_codes', columns, { session });
  return { kind: 'row', table: 'device_codes', row: { ...columns, body } };
}

function readRow(ports: Ports, { entry: _entry, body, ...columns }: StoredRow<'device_codes'>): Opened {
  return { columns, body: openBody<Body>(ports, 'device_codes', columns, body) };
}

/** 34 bits: enough for ten minutes in which guessing needs a sign-in, and gives the guesser nothing. */
function drawCode({ ids }: Pick<Ports, 'ids'>): string {
  let code = '';
  while (code.length < CODE_LENGTH) {
    for (const byte of ids.salt())
      if (byte < FAIR && code.length < CODE_LENGTH) code += LETTERS.charAt(byte % 20);
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}
