import { parseArgs } from 'node:util';

export interface RunsOptions {
  readonly json: boolean;
  readonly help: boolean;
  /** identities in the store */
  readonly identities: number;
  /** runs that wait */
  readonly runs: number;
  /** runs that are decided again, and that are approved, while it is measured */
  readonly sample: number;
  /** pages of each list */
  readonly pages: number;
  /** seconds that an idle server is watched */
  readonly idle: number;
  /** milliseconds that each physical limit is measured for */
  readonly limit: number;
}

export const USAGE = `npm run bench -- runs [options]

  --json     JSON lines on stdout; the last one holds the ratios
  --small    1,000 runs and 10,000 identities instead of 100,000 and 1,000,000: to look at, not to report
`;

/** @throws Error for what is no option */
export function readRunsOptions(args: readonly string[]): RunsOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      small: { type: 'boolean', default: false },
    },
  });
  const { json, help, small } = values;
  return small
    ? { json, help, identities: 10_000, runs: 1_000, sample: 50, pages: 50, idle: 1, limit: 200 }
    : { json, help, identities: 1_000_000, runs: 100_000, sample: 1_000, pages: 500, idle: 30, limit: 2_000 };
}
