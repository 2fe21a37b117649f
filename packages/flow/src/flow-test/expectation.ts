import { STAGES } from '@writ/core';
import { name } from '../definition/names.ts';
import {
  choice,
  dictionary,
  duration,
  flag,
  list,
  object,
  optional,
  refine,
  type Shape,
  text,
} from '../document/shape.ts';
import { type Expectation, OUTCOMES } from './flow-test.ts';

const because: Shape<string | Readonly<Record<string, string>>> = (node, report) =>
  node.kind === 'map' ? dictionary(/^[a-z][a-zA-Z0-9._-]*$/, text)(node, report) : text(node, report);

/** `expect:` of a test or of a step. */
export const expectation: Shape<Expectation> = refine(
  object({
    outcome: optional(choice(OUTCOMES), null),
    stage: optional(choice(STAGES), null),
    because: optional(because, null),
    ttl: optional(duration, null),
    binding: optional(list(text), null),
    'human-visible': optional(flag, null),
    deliver: optional(list(text), null),
    activate: optional(choice(['issued', 'confirmed', 'proven']), null),
    'revoke-on': optional(list(text), null),
    'review-every': optional(duration, null),
    'rotate-every': optional(duration, null),
    approvals: optional(list(name), null),
    'decided-by': optional(list(text), null),
    'refused-approval': optional(text, null),
    'approvals-voided': optional(list(name), null),
  }),
  (value, node, report) => {
    if (node.kind === 'map' && node.entries.length === 0) report(node.at, 'nothing is expected here');
    return {
      outcome: value.outcome,
      stage: value.stage,
      because: value.because,
      ttl: value.ttl,
      binding: value.binding,
      humanVisible: value['human-visible'],
      deliver: value.deliver,
      activate: value.activate,
      revokeOn: value['revoke-on'],
      reviewEvery: value['review-every'],
      rotateEvery: value['rotate-every'],
      approvals: value.approvals,
      decidedBy: value['decided-by'],
      refusedApproval: value['refused-approval'],
      approvalsVoided: value['approvals-voided'],
    };
  },
);
