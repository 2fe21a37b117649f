import { parseArgs } from 'node:util';

export const SUBJECTS = ['writ', 'memory', 'peer'] as const;
/** `writ`: the product. `memory`: the same without persistence. `peer`: oidc-provider. */
export type Subject = (typeof SUBJECTS)[number];

export interface Options {
  readonly json: boolean;
  readonly subjects: readonly Subject[];
  readonly connections: readonly number[];
  readonly repeat: number;
  /** seconds */
  readonly warmup: number;
  /** seconds */
  readonly measure: number;
  /** seconds under load while memory is watched; 0 leaves it out */
  readonly memory: number;
  /** every exchange proves a key never seen before, instead of one key for each connection */
  readonly freshKeys: boolean;
  /** directory for CPU profiles of the servers, or null */
  readonly profile: string | null;
}

export const USAGE = `npm run bench -- [options]

  --json               JSON lines on stdout; the last one holds the ratios
  --quick              one short round of each: to look at, not to report
  --only NAMES         some of ${SUBJECTS.join(', ')}, with commas between
  --connections LIST   default 1,16,64,256
  --repeat N           rounds of each, interleaved; default 3
  --seconds S          measured in each round; default 6
  --fresh-keys         a DPoP key of its own for every exchange
  --memory S           seconds under load while memory is watched; default 60
  --profile DIR        write CPU profiles of the servers
`;

/** @throws Error for what is no option */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      connections: { type: 'string' },
      repeat: { type: 'string' },
      seconds: { type: 'string' },
      memory: { type: 'string' },
      'fresh-keys': { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const { quick } = values;
  return {
    json: values.json,
    subjects: values.only === undefined ? SUBJECTS : values.only.split(',').map(subject),
    connections: (values.connections ?? (quick ? '64' : '1,16,64,256')).split(',').map(positive),
    repeat: positive(values.repeat ?? (quick ? '1' : '3')),
    warmup: quick ? 1 : 2,
    measure: positive(values.seconds ?? (quick ? '2' : '6')),
    memory: values.memory === undefined ? (quick ? 0 : 60) : Number(values.memory),
    freshKeys: values['fresh-keys'],
    profile: values.profile ?? null,
  };
}

function subject(text: string): Subject {
  const found = SUBJECTS.find((name) => name === text);
  if (found === undefined) throw new Error(`\`${text}\` is not one of ${SUBJECTS.join(', ')}`);
  return found;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`\`${text}\` is not a whole number above 0`);
  return value;
}
