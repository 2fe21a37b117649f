import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { SelfSigned } from './self-signed.ts';

/** A server of facts on loopback: over https where it has a certificate. */
export interface FactServer extends AsyncDisposable {
  readonly origin: string;
  /** paths asked for, in order */
  readonly requests: readonly string[];
}

/** Starts a server on a free port of 127.0.0.1 that answers as `listener` does. */
export async function startFactServer(listener: RequestListener, tls?: SelfSigned): Promise<FactServer> {
  const requests: string[] = [];
  const counted: RequestListener = (request, response) => {
    requests.push(request.url ?? '');
    listener(request, response);
  };
  const server =
    tls === undefined ? createServer(counted) : createTlsServer({ key: tls.key, cert: tls.cert }, counted);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
