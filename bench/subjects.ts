import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACME, freePort, type OidcIssuer, prepare } from '@writ/testkit';
import { type Child, startChild } from './child.ts';
import type { Options, Subject } from './options.ts';
import { clientCredentials, createExchangeSigner, type ExchangeSigner, PUBLIC_URL } from './requests.ts';

/** A server that runs, and how it is asked. */
export interface Running extends AsyncDisposable {
  readonly subject: Subject;
  readonly child: Child;
  /** Requests for a round: each to be sent once, or one that may be sent again and again. */
  supply(count: number, connections: number): Promise<() => Buffer | undefined>;
}

/** Starts a server of its kind in a scratch directory that goes with it. */
export async function startSubject(subject: Subject, options: Options, issuer: OidcIssuer): Promise<Running> {
  const scratch = mkdtempSync(join(tmpdir(), `writ-bench-${subject}-`));
  const port = String(await freePort());
  const profiling =
    options.profile === null
      ? []
      : ['--cpu-prof', '--cpu-prof-interval=250', `--cpu-prof-dir=${join(options.profile, subject)}`];
  const child =
    subject === 'peer'
      ? await startChild(join(import.meta.dirname, 'peer.ts'), [port], profiling)
      : await startWrit(subject, scratch, port, issuer, profiling);
  const repeated = clientCredentials();
  const signers = new Map<number, ExchangeSigner>();
  return {
    subject,
    child,
    supply: async (count, connections) => {
      if (subject === 'peer') return () => repeated;
      const keys = options.freshKeys ? 0 : connections;
      const signer = signers.get(keys) ?? createExchangeSigner(issuer, keys);
      signers.set(keys, signer);
      const requests = await signer.sign(count, child.port);
      let next = 0;
      return () => requests[next++];
    },
    [Symbol.asyncDispose]: async () => {
      await child[Symbol.asyncDispose]();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

async function startWrit(
  subject: Subject,
  scratch: string,
  port: string,
  issuer: OidcIssuer,
  profiling: readonly string[],
): Promise<Child> {
  const directory = join(scratch, 'acme');
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rights = readFileSync(join(ACME, 'rights/deploy.yaml'), 'utf8');
  prepare(directory, issuer.issuer, publicKey.export({ format: 'jwk' }), {
    'rights/deploy.yaml': rights.replaceAll(/^ *budget:.*\n/gm, ''),
  });
  const kind = subject === 'writ' ? 'sqlite' : 'memory';
  const args = [directory, join(scratch, 'data'), port, PUBLIC_URL, kind];
  return startChild(join(import.meta.dirname, 'server.ts'), args, profiling);
}
