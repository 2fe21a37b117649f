/**
 * Who may import whom: the one place where the borders of the house are written. `check.ts` enforces it, and that each
 * package.json and tsconfig.json says the same. A package exists because a rule here must hold at its border.
 */
export interface Border {
  /** Workspace packages, without the scope. */
  readonly imports: readonly string[];
  /** Single entries loaded by a dynamic `import()` only, as written in the code. */
  readonly dynamic?: readonly string[];
  /** npm packages. */
  readonly external?: readonly string[];
  /** Whether `node:*` may be imported. */
  readonly builtins: boolean;
  /** Whether clocks, randomness, timers, the network and the process may be reached through globals. */
  readonly host: boolean;
  /** Given in every refusal. */
  readonly why: string;
}

const pure = 'it decides from its arguments alone, so that every decision can be replayed';
const plugin =
  'a plug-in knows its protocol and the words of the domain, never who calls it or another plug-in';

export const borders: Readonly<Record<string, Border>> = {
  core: { imports: [], builtins: false, host: false, why: pure },
  ledger: { imports: [], builtins: false, host: false, why: `${pure}, and is publishable alone` },
  flow: {
    imports: ['core'],
    external: ['@cedar-policy/cedar-wasm', 'yaml'],
    builtins: false,
    host: false,
    why: pure,
  },
  prove: { imports: ['core', 'flow'], builtins: false, host: false, why: pure },
  attest: { imports: ['core'], builtins: true, host: true, why: plugin },
  issue: { imports: ['core'], builtins: true, host: true, why: plugin },
  deliver: { imports: ['core'], builtins: true, host: true, why: plugin },
  store: {
    imports: ['core', 'ledger'],
    external: ['pg', 'vitest'],
    builtins: true,
    host: true,
    why: 'it keeps what it is given and holds the only transactions; it knows no use case',
  },
  engine: {
    imports: ['core', 'flow', 'ledger', 'attest', 'issue', 'deliver', 'store'],
    builtins: false,
    host: false,
    why: 'time, randomness and ids are its arguments, and it knows plug-ins and drivers by interface only',
  },
  server: {
    imports: ['core', 'flow', 'prove', 'ledger', 'attest', 'issue', 'deliver', 'store', 'engine'],
    external: ['@fastify/swagger', 'fastify', 'openid-client', 'pino', 'typebox'],
    builtins: true,
    host: true,
    why: 'it is the process around the engine',
  },
  client: {
    imports: [],
    builtins: true,
    host: true,
    why: 'programs that use Writ must not inherit its dependencies; wire types come from the API description',
  },
  cli: {
    imports: ['client', 'flow', 'ledger', 'prove'],
    dynamic: ['@writ/server/artefacts', '@writ/server/commands'],
    external: ['commander'],
    builtins: true,
    host: true,
    why: 'it speaks to a server through the client; only `writ` itself loads the server, or what it reads a directory with, when a command needs it',
  },
  testkit: {
    imports: ['core', 'flow', 'ledger', 'attest', 'issue', 'deliver', 'store', 'engine', 'server', 'client'],
    external: ['jose', 'vitest'],
    builtins: true,
    host: true,
    why: 'it builds worlds for tests',
  },
};

/** Modules that only one folder or file of a package may name. */
export const places: readonly { package: string; module: string; only: string; why: string }[] = [
  { package: 'store', module: 'pg', only: 'postgres/', why: 'a driver stays in its folder' },
  { package: 'store', module: 'node:sqlite', only: 'sqlite/', why: 'a driver stays in its folder' },
  {
    package: 'store',
    module: 'vitest',
    only: 'conformance/',
    why: 'the conformance suite is the only test that is shipped',
  },
];

/** Packages whose sub-paths are plug-ins or drivers, and the only files outside tests that may name them. */
export const pluggable: ReadonlySet<string> = new Set(['attest', 'issue', 'deliver', 'store']);
export const composers: ReadonlySet<string> = new Set(['packages/server/src/compose.ts']);
export const composerWhy = 'only packages/server/src/compose.ts names concrete plug-ins and drivers';

/** Packages that tests beside the code and whole-system tests may use, and nothing else. */
export const testOnly: ReadonlySet<string> = new Set(['testkit']);

/** No package may import these: they would make imports invisible to this check. */
export const unseen: ReadonlySet<string> = new Set(['node:module', 'node:vm']);

/** Globals that stand for the host, with what to use instead. `Date` and `Math` are refused only where they read it. */
export const hostGlobals: ReadonlyMap<string, string> = new Map([
  ['Date', 'take `now` as an argument'],
  ['Math', 'take randomness as an argument'],
  ...['performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map(
    (name) => [name, 'take time as an argument'] as const,
  ),
  ...[
    'crypto',
    'fetch',
    'process',
    'Buffer',
    'console',
    'globalThis',
    'global',
    'navigator',
    'WebSocket',
  ].map((name) => [name, 'take what you need of the host as an argument'] as const),
]);
