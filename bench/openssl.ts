import { spawn } from 'node:child_process';
import type { CryptoCost } from './crypto-cost.ts';
import { pinnedCommand } from './pin.ts';

/** Microseconds of one operation each by `openssl speed` on one core: what the machine can do with nothing around it. */
export type OpensslCost = Omit<CryptoCost, 'p256Import'>;

/** Null where there is no `openssl`. */
export async function measureOpenssl(seconds: number): Promise<OpensslCost | null> {
  const rsa = await speed('rsa2048', seconds);
  const ecdsa = await speed('ecdsap256', seconds);
  const ed25519 = await speed('ed25519', seconds);
  if (rsa === null || ecdsa === null || ed25519 === null) return null;
  return {
    rs256Verify: rsa.verify,
    es256Verify: ecdsa.verify,
    es256Sign: ecdsa.sign,
    ed25519Sign: ed25519.sign,
    ed25519Verify: ed25519.verify,
  };
}

/** A line of `-mr`: kind, number, bits, sometimes a name, then signatures and verifications a second. */
const MACHINE_LINE = /^\+F\d+:\d+:\d+(?::[A-Za-z]\w*)?:([\d.]+):([\d.]+)$/m;

async function speed(algorithm: string, seconds: number): Promise<{ sign: number; verify: number } | null> {
  const [command, ...args] = pinnedCommand([
    'openssl',
    'speed',
    '-mr',
    '-seconds',
    String(seconds),
    algorithm,
  ]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  const match = code === 0 ? MACHINE_LINE.exec(text) : null;
  return match === null ? null : { sign: 1e6 / Number(match[1]), verify: 1e6 / Number(match[2]) };
}
