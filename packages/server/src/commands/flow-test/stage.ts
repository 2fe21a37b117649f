import type { CompiledFlow } from '@writ/flow';
import type { Config } from '../../config.ts';
import type { TestInstallation } from './installation.ts';
import type { Presenter } from './presented.ts';
import type { TestKeys } from './test-keys.ts';

/** What stands around every test of one file. */
export interface Stage {
  readonly config: Config;
  readonly installation: TestInstallation;
  readonly flow: CompiledFlow;
  readonly keys: TestKeys;
}

/** Whether the engine issues what this flow issues, and can verify what it believes. */
export function runsOnTheEngine(
  { flow: { definition } }: Pick<Stage, 'flow'>,
  presenter: Presenter,
): boolean {
  return (definition.issues === 'token' || definition.issues === 'identity') && presenter.built(definition);
}
