import type { FactDefinition } from './definition.ts';

/** How a change compares with what is in force, as the prover says it. */
export const CHANGE_VERDICTS = ['same', 'narrower', 'wider', 'incomparable', 'unknown'] as const;
export type ChangeVerdict = (typeof CHANGE_VERDICTS)[number];

/** The source of the fact that every flow for changes has without declaring it. */
export const CHANGE_SOURCE = 'writ/change';

/** `facts.change` of a flow that publishes: the verdict, the least tier that is touched, and the flow, empty for several. */
export const CHANGE_FACT: FactDefinition = {
  source: CHANGE_SOURCE,
  type: {
    type: 'record',
    members: {
      verdict: { type: 'string', oneOf: CHANGE_VERDICTS },
      tier: { type: 'long' },
      flow: { type: 'string' },
    },
  },
  maxAge: 60,
};

/** Fields that such a flow must have: the hashes of what is in force and of what is proposed. They are part of the plan. */
export const CHANGE_FIELDS = ['base', 'set'] as const;
