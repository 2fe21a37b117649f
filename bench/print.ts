import type { CryptoCost } from './crypto-cost.ts';
import type { Machine } from './machine.ts';
import type { MemoryReport } from './memory.ts';
import type { OpensslCost } from './openssl.ts';
import type { Round } from './round.ts';
import type { Summary, Verdict } from './summary.ts';

/** Says what was measured: JSON lines on stdout, or lines for people; progress goes to stderr. */
export interface Printer {
  machine(machine: Machine): void;
  crypto(crypto: CryptoCost | null, openssl: OpensslCost | null): void;
  round(round: Round): void;
  summaries(summaries: readonly Summary[]): void;
  memory(report: MemoryReport): void;
  /** the last line */
  verdict(verdict: Verdict): void;
}

export function createPrinter(json: boolean): Printer {
  const say = (value: object): void => {
    if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
  };
  const tell = (line: string): void => {
    if (!json) process.stdout.write(`${line}\n`);
  };
  const progress = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  return {
    machine: (machine) => {
      say({ machine });
      tell(
        Object.entries(machine)
          .map(([name, value]) => `${name} ${String(value)}`)
          .join(', '),
      );
    },
    crypto: (crypto, openssl) => {
      say({ crypto, openssl });
      for (const [name, costs] of Object.entries({ 'node:crypto': crypto, 'openssl speed': openssl })) {
        tell(`${name}, µs: ${costs === null ? 'not measured' : micros(costs)}`);
      }
    },
    round: (round) => {
      say({ round });
      progress(row(round.subject, round.connections, round));
    },
    summaries: (summaries) => {
      for (const summary of summaries) {
        say({ summary });
        const [least, most] = summary.spread;
        tell(
          `${row(summary.subject, summary.connections, summary)}  ${least.toFixed(0)}–${most.toFixed(0)}/s`,
        );
      }
    },
    memory: (memory) => {
      say({ memory });
      tell(
        `memory over ${memory.seconds} s and ${memory.n} exchanges: at most ${memory.maxMB} MB, ${memory.slopeMBPerMinute} MB a minute`,
      );
    },
    verdict: (verdict) => {
      say(verdict);
      const { vsPeer, vsNoPersistence, vsOpenssl } = verdict.ratios;
      tell(`× peer ${vsPeer}, × without persistence ${vsNoPersistence}, of openssl's limit ${vsOpenssl}`);
      tell(`CPU beyond public-key operations ${verdict.cpuBeyondCryptoMicros} µs an exchange`);
    },
  };
}

function micros(costs: object): string {
  return Object.entries(costs)
    .map(([name, value]) => `${name} ${Number(value).toFixed(1)}`)
    .join(', ');
}

type Figures = Pick<Round, 'n' | 'perSecond' | 'p50' | 'p99' | 'cpuMicros' | 'batch'>;

function row(subject: string, connections: number, figures: Figures): string {
  const { n, perSecond, p50, p99, cpuMicros, batch } = figures;
  return `${subject.padEnd(7)} ${String(connections).padStart(4)} connections  ${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50} ms  p99 ${p99} ms  ${cpuMicros} µs CPU  batch ${batch}  n ${n}`;
}
