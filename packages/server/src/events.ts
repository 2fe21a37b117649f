import type { Events } from '@writ/engine';
import { pino } from 'pino';

/** A line of text or JSON for one event; no secret and no token is ever among its details. */
export type Emit = (event: string, details: Readonly<Record<string, string | number>>) => void;

export function createEvents(emit: Emit): Events {
  return {
    issued: (details) => emit('issued', details),
    waiting: (details) => emit('waiting', details),
    refused: (details) => emit('refused', details),
    replayed: (details) => emit('replayed', details),
    frozen: (details) => emit('frozen', details),
    revoked: (details) => emit('revoked', details),
    artefacts: (details) => emit('artefacts switched', details),
    key: (details) => emit('issuer key', details),
    signedIn: (details) => emit('signed in', details),
    person: (details) => emit('person', details),
    sampleSigned: (details) => emit('sample passkey', details),
    failed: (details) => emit('failed', details),
  };
}

/** One line of JSON an event, on stderr. */
export function jsonLines(): Emit {
  const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: false }),
  );
  return (event, details) => log[event === 'failed' ? 'error' : 'info'](details, event);
}

/** One line a person reads, on stderr. What a caller chose is shown without control characters (L6). */
export function textLines(now: () => number): Emit {
  return (event, details) => {
    const time = new Date(now()).toISOString().slice(11, 19);
    const said = Object.entries(details).map(([name, value]) => `${name}=${printable(String(value))}`);
    process.stderr.write(`${time} ${event}  ${said.join(' ')}\n`);
  };
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 300);
}
