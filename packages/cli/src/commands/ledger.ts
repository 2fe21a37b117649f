import { createPublicKey, hash as digest, verify as verifySignature } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerError, parsePolicy, verifyReceipt } from '@writ/ledger';
import type { Command } from 'commander';
import { CommandFailure } from '../exit-code.ts';
import { clean, formatOf, type OutputOptions, out, printObject, printRows, say } from '../output/print.ts';
import { withOutput } from './operator.ts';

interface VerifyOptions extends OutputOptions {
  readonly data: string;
  readonly receipt: string;
  readonly policy?: string;
  readonly jwks?: string;
}

/** `verify` and `audit`: neither needs a running server. */
export function ledgerCommands(program: Command): void {
  withOutput(program.command('verify <token>').description('check a token and its receipt offline'))
    .requiredOption('--receipt <file>', 'the receipt that came with the token')
    .option(
      '--policy <file>',
      'whose checkpoints to believe (C2SP tlog-policy); default: trust.policy of --data',
    )
    .option('--jwks <file>', "the issuer's public keys; default: jwks.json of --data")
    .option('--data <directory>', 'a data directory', '.writ')
    .addHelpText(
      'after',
      '\nThe token is a file, `-` for standard input, or the token itself (which others can see while it runs).\n\nExample:\n  writ verify token.jwt --receipt token.receipt --policy trust.policy --jwks jwks.json',
    )
    .action((token: string, options: VerifyOptions) => {
      const report = verifyToken(readToken(token), options);
      if (formatOf(options) === 'table')
        out(`verified  ledger #${report.index} of ${report.origin}, checkpoint size ${report.size}`);
      else printObject(report, formatOf(options));
    });

  withOutput(
    program.command('audit [directory]').description('re-read the whole ledger and check every rule of it'),
  )
    .option('--data <directory>', 'the data directory', '.writ')
    .addHelpText('after', '\nExample:\n  writ audit --data /var/lib/writ')
    .action(async (directory: string | undefined, options: OutputOptions & { data: string }) => {
      const { audit } = await import('@writ/server/commands');
      const started = Date.now();
      const report = await audit({ data: options.data, directory }, (done, all) =>
        progress(done, all, started),
      );
      const rows = report.findings.map(({ index, rule, severity, message }) => ({
        index: index ?? '-',
        severity,
        rule,
        message: clean(message),
      }));
      if (formatOf(options) === 'json') printObject(report, 'json');
      else if (rows.length > 0) printRows(rows, ['index', 'severity', 'rule', 'message'], formatOf(options));
      else
        out(`sound  ${report.size} entries of ${report.origin}: root rebuilt, every leaf and record checked`);
      if (rows.length > 0)
        throw new CommandFailure('verification-failed', `${rows.length} findings in ${report.size} entries`);
    });
}

function progress(done: number, all: number, started: number): void {
  if (!process.stderr.isTTY || all < 10_000) return;
  const rate = done / Math.max(0.001, (Date.now() - started) / 1000);
  say(`${done} of ${all} entries, ${Math.round(rate)}/s, ${Math.ceil((all - done) / rate)} s left`);
}

function readToken(argument: string): string {
  if (argument === '-') return readFileSync(0, 'utf8').trim();
  return existsSync(argument) ? readFileSync(argument, 'utf8').trim() : argument;
}

interface Verified {
  readonly origin: string;
  readonly index: number;
  readonly size: number;
  readonly claims: unknown;
}

function verifyToken(token: string, options: VerifyOptions): Verified {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const signingInput = Buffer.from(`${header}.${payload}`);
  checkSignature(header, signingInput, signature, file(options.jwks ?? join(options.data, 'jwks.json')));
  const hash = (data: Uint8Array): Uint8Array => digest('sha256', data, 'buffer');
  try {
    const { index, size, origin } = verifyReceipt({
      hash,
      verify: verifyEd25519,
      policy: parsePolicy(hash, file(options.policy ?? join(options.data, 'trust.policy'))),
      receipt: file(options.receipt),
      tbs: { kind: 'jwt', bytes: signingInput },
    });
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return { origin, index, size, claims };
  } catch (error) {
    if (error instanceof LedgerError)
      throw new CommandFailure('verification-failed', `the receipt does not hold: ${error.message}`);
    throw error;
  }
}

function file(path: string): string {
  if (!existsSync(path)) throw new CommandFailure('not-found', `there is no file \`${path}\``);
  return readFileSync(path, 'utf8');
}

/** The issuer's signature (RFC 7515 §5.2), ES256 alone. */
function checkSignature(header: string, signingInput: Buffer, signature: string, jwks: string): void {
  const kid = member(parsed(Buffer.from(header, 'base64url').toString()), 'kid');
  const keys = member(parsed(jwks), 'keys');
  const jwk: unknown = Array.isArray(keys)
    ? keys.find((key: unknown) => member(key, 'kid') === kid)
    : undefined;
  if (typeof jwk !== 'object' || jwk === null)
    throw new CommandFailure('verification-failed', 'no known key of the issuer signed this token');
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  const good = verifySignature(
    'sha256',
    signingInput,
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!good) throw new CommandFailure('verification-failed', "the issuer's signature does not hold");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFailure('verification-failed', 'this is not a signed token');
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** DER of an Ed25519 public key is a fixed head and the 32 bytes (RFC 8410 §4). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicKey]), format: 'der', type: 'spki' });
  return verifySignature(null, message, key, signature);
}
