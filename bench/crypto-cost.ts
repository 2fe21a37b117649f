import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';

/** CPU microseconds of one public-key operation each, through node:crypto, in the process and on the core of the server. */
export interface CryptoCost {
  readonly rs256Verify: number;
  readonly es256Verify: number;
  readonly es256Sign: number;
  readonly ed25519Sign: number;
  readonly ed25519Verify: number;
  /** parsing a P-256 JWK into a key: what a DPoP key costs the first time it is seen */
  readonly p256Import: number;
}

/** Bytes of a signing input: of evidence, of a DPoP proof, of an access token, of a checkpoint. */
const SIZES = { evidence: 1_300, proof: 420, token: 800, checkpoint: 80 } as const;
const WARMUP = 200;
const ROUNDS = 5;
const RUNS = 400;

/** Measures each operation as the product does it: DER signatures, synchronous calls, keys parsed before. */
export function measureCrypto(): CryptoCost {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ed = generateKeyPairSync('ed25519');
  const evidence = Buffer.alloc(SIZES.evidence, 'e');
  const proof = Buffer.alloc(SIZES.proof, 'p');
  const token = Buffer.alloc(SIZES.token, 't');
  const checkpoint = Buffer.alloc(SIZES.checkpoint, 'c');
  const signed = {
    evidence: sign('sha256', evidence, rsa.privateKey),
    proof: sign('sha256', proof, ec.privateKey),
    checkpoint: sign(null, checkpoint, ed.privateKey),
  };
  const jwk = ec.publicKey.export({ format: 'jwk' });
  return {
    rs256Verify: cost(() => verify('sha256', evidence, rsa.publicKey, signed.evidence)),
    es256Verify: cost(() => verify('sha256', proof, ec.publicKey, signed.proof)),
    es256Sign: cost(() => sign('sha256', token, ec.privateKey)),
    ed25519Sign: cost(() => sign(null, checkpoint, ed.privateKey)),
    ed25519Verify: cost(() => verify(null, checkpoint, ed.publicKey, signed.checkpoint)),
    p256Import: cost(() => createPublicKey({ key: jwk, format: 'jwk' })),
  };
}

/** The median of some rounds, in CPU microseconds a run. */
function cost(operation: () => unknown): number {
  for (let i = 0; i < WARMUP; i++) operation();
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    for (let i = 0; i < RUNS; i++) operation();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / RUNS;
  });
  return rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

/** Public-key CPU of one governed exchange whose checkpoint is shared by `batch` of them. */
export function cryptoOfExchange(costs: CryptoCost, batch: number, freshKeys: boolean): number {
  const own = costs.rs256Verify + costs.es256Verify + costs.es256Sign + (freshKeys ? costs.p256Import : 0);
  return own + (costs.ed25519Sign + costs.ed25519Verify) / batch;
}
