import { startOidcIssuer } from '@writ/testkit';
import type { CryptoCost } from './crypto-cost.ts';
import { describeMachine } from './machine.ts';
import { watchMemory } from './memory.ts';
import { measureOpenssl } from './openssl.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { pinLoad } from './pin.ts';
import { createPrinter, type Printer } from './print.ts';
import { benchProve } from './prove/prove.ts';
import { measure, type Round } from './round.ts';
import { benchRuns } from './runs/runs.ts';
import { type Running, startSubject } from './subjects.ts';
import { summarise, verdictOf } from './summary.ts';

/** Governed exchanges beside the same server without persistence, a peer, and the bare public-key operations. */
async function main(options: Options): Promise<void> {
  const printer = createPrinter(options.json);
  printer.machine(describeMachine());
  await using stack = new AsyncDisposableStack();
  const issuer = stack.use(await startOidcIssuer({ now: Date.now }));
  const servers: Running[] = [];
  for (const subject of options.subjects)
    servers.push(stack.use(await startSubject(subject, options, issuer)));
  pinLoad();
  const openssl = await measureOpenssl(options.measure > 2 ? 3 : 1);
  const crypto = await cryptoOf(servers);
  printer.crypto(crypto, openssl);
  const rounds = await measureAll(servers, options, printer);
  const summaries = summarise(rounds);
  printer.summaries(summaries);
  const writ = servers.find(({ subject }) => subject === 'writ');
  if (writ !== undefined && options.memory > 0) {
    const fastest = Math.max(
      ...rounds.filter(({ subject }) => subject === 'writ').map(({ perSecond }) => perSecond),
    );
    printer.memory(await watchMemory(writ, options.memory, fastest));
  }
  printer.verdict(verdictOf(summaries, crypto, openssl, options));
}

/** Measured where the exchanges are: in the process of the server, while it has nothing else to do. */
async function cryptoOf(servers: readonly Running[]): Promise<CryptoCost | null> {
  const [first] = servers;
  return first === undefined ? null : first.child.ask('crypto');
}

/** Rounds are interleaved, so that whatever else the machine does falls on all alike. */
async function measureAll(
  servers: readonly Running[],
  options: Options,
  printer: Printer,
): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  const known = new Map<string, number>();
  for (const connections of options.connections) {
    for (let repetition = 0; repetition < options.repeat; repetition++) {
      for (const server of servers) {
        const round = await measure(server, connections, options, known.get(server.subject));
        known.set(server.subject, round.perSecond);
        rounds.push(round);
        printer.round(round);
      }
    }
  }
  return rounds;
}

const [name, ...rest] = process.argv.slice(2);
if (name === 'prove') await benchProve(rest);
else if (name === 'runs') await benchRuns(rest);
else if (process.argv.includes('--help')) process.stdout.write(USAGE);
else await main(readOptions(process.argv.slice(2)));
