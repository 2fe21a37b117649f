import { hash } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { lookupAmong } from './checked-addresses.ts';

/**
 * A TLS connection (1.2 or later) to the holder of the private key whose public half hashes to `pin`: SHA-256 of the
 * certificate's SubjectPublicKeyInfo, base64 (RFC 7469 §2.4). The key is all that is believed: names, dates and issuer of
 * the certificate that carries it do not matter. Nothing is sent before it is known to be the one.
 *
 * @throws Error when there is no connection, or another key
 */
export async function pinnedSocket(
  url: URL,
  addresses: readonly string[],
  pin: string,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connect({
    host,
    port: url.port === '' ? 443 : Number(url.port),
    lookup: lookupAmong(addresses),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
  });
  const abort = (): void => {
    socket.destroy(new Error('took too long'));
  };
  try {
    signal.throwIfAborted();
    signal.addEventListener('abort', abort, { once: true });
    await new Promise<void>((fulfil, reject) => {
      socket
        .once('secureConnect', fulfil)
        .on('error', reject)
        .once('close', () => reject(new Error('closed')));
    });
    const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
    if (key === undefined || hash('sha256', key, 'base64') !== pin)
      throw new Error('its key is not the pinned one');
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
