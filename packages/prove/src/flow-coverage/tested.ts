import type { ArtefactSet, CompiledFlow } from '@writ/flow';

/** A flow under test, with the artefacts of its directory. */
export interface Tested {
  readonly flow: CompiledFlow;
  readonly set: ArtefactSet;
}
