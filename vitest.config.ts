import { defineConfig } from 'vitest/config';
import { CountReporter } from './scripts/test/count.ts';

// Workspace packages resolve to their TypeScript sources, as under `node --conditions=writ:source`.
const conditions = ['writ:source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['writ:source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', new CountReporter()],
    pool: 'forks',
    maxWorkers: 2,
    // Real databases and processes on a busy machine: a limit is there to end what hangs, not to measure.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    passWithNoTests: false,
  },
});
