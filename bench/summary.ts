import type { CryptoCost } from './crypto-cost.ts';
import { cryptoOfExchange } from './crypto-cost.ts';
import type { OpensslCost } from './openssl.ts';
import type { Options, Subject } from './options.ts';
import { type Round, rounded } from './round.ts';

/** Rounds of one server at one number of connections, as medians. */
export interface Summary extends Omit<Round, 'rssMB'> {
  readonly rounds: number;
  /** exchanges a second: least and most of the rounds */
  readonly spread: readonly [number, number];
}

/** The last line of `--json`. Null where what a ratio needs was left out. */
export interface Verdict {
  readonly ratios: {
    readonly vsPeer: number | null;
    readonly vsNoPersistence: number | null;
    readonly vsOpenssl: number | null;
  };
  readonly cpuBeyondCryptoMicros: number | null;
  readonly n: number;
  readonly seconds: number;
}

/** The ratios are those at this many connections. */
const RATIOS_AT = 64;

export function summarise(rounds: readonly Round[]): readonly Summary[] {
  const groups = Map.groupBy(rounds, ({ subject, connections }) => `${connections} ${subject}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const of = (pick: (round: Round) => number): number => rounded(median(group.map(pick)), 2);
    const rates = group.map(({ perSecond }) => perSecond);
    return [
      {
        subject: first.subject,
        connections: first.connections,
        rounds: group.length,
        n: group.reduce((sum, { n }) => sum + n, 0),
        seconds: rounded(
          group.reduce((sum, { seconds }) => sum + seconds, 0),
          1,
        ),
        perSecond: of(({ perSecond }) => perSecond),
        spread: [Math.min(...rates), Math.max(...rates)] as const,
        p50: of(({ p50 }) => p50),
        p99: of(({ p99 }) => p99),
        cpuMicros: of(({ cpuMicros }) => cpuMicros),
        batch: of(({ batch }) => batch),
      },
    ];
  });
}

export function verdictOf(
  summaries: readonly Summary[],
  crypto: CryptoCost | null,
  openssl: OpensslCost | null,
  options: Options,
): Verdict {
  const at = (subject: Subject): Summary | undefined =>
    summaries.find((each) => each.subject === subject && each.connections === RATIOS_AT);
  const writ = at('writ');
  const ratio = (other: Summary | undefined): number | null =>
    writ === undefined || other === undefined ? null : rounded(writ.perSecond / other.perSecond, 3);
  const own =
    crypto === null || writ === undefined ? null : cryptoOfExchange(crypto, writ.batch, options.freshKeys);
  return {
    ratios: {
      vsPeer: ratio(at('peer')),
      vsNoPersistence: ratio(at('memory')),
      vsOpenssl:
        openssl === null || writ === undefined
          ? null
          : rounded(cryptoOfExchange({ ...openssl, p256Import: 0 }, writ.batch, false) / writ.cpuMicros, 3),
    },
    cpuBeyondCryptoMicros: own === null || writ === undefined ? null : rounded(writ.cpuMicros - own, 1),
    n: writ?.n ?? 0,
    seconds: writ?.seconds ?? 0,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
