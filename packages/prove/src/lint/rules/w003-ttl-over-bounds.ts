import { formatDuration } from '@writ/core';
import { not } from '../../formula/formula.ts';
import { exampleOf } from '../example.ts';
import type { Found } from '../finding.ts';
import type { LintRule } from '../lint-rule.ts';
import { issued } from '../statements.ts';
import type { Subject } from '../subject.ts';

export const ttlOverBounds: LintRule = {
  id: 'W003',
  severity: 'error',
  title: 'a life longer than the guardrails or `max-lifetime` allow',
  by: 'prover',
  why: `The flow promises a life that a guardrail, or its own \`max-lifetime\`, then refuses: the definition says one thing and the
decision another. Decided by the requests that the guardrail alone refuses. That \`default\` is not over \`max\` is seen to when a flow
is loaded.`,
  help: 'lower `request.ttl.max`',
  good: [
    'request:\n  by: { kinds: [workload] }\n  audience: { one-of: ["https://artifacts.acme.example"] }\n  scopes: { subset-of: ["artifacts:read", "artifacts:write"] }\n  ttl: { max: 5m }',
  ],
  bad: [
    'request:\n  by: { kinds: [workload] }\n  audience: { one-of: ["https://artifacts.acme.example"] }\n  scopes: { subset-of: ["artifacts:read", "artifacts:write"] }\n  ttl: { max: 6m }',
  ],
  check: (subject) => [...overLifetime(subject), ...overGuardrails(subject)],
};

function overLifetime({ definition: { request, lifecycle } }: Subject): readonly Found[] {
  if (request.ttl.max <= lifecycle.maxLifetime) return [];
  const message = `\`ttl.max\` is ${formatDuration(request.ttl.max)}, and \`max-lifetime\` ${formatDuration(lifecycle.maxLifetime)}`;
  return [{ rule: 'request.ttl', at: 'request.ttl.max', message }];
}

function overGuardrails({ set, definition, inquiry }: Subject): readonly Found[] {
  return set.guardrails.flatMap(({ id, because, maxTtl }): Found[] => {
    if (maxTtl === null || definition.request.ttl.max <= maxTtl) return [];
    const refusing = `guardrail.${id}`;
    const rule = inquiry.model.rules.find((each) => each.stage === 'request' && each.id === refusing);
    if (rule === undefined) return [];
    const example = exampleOf(inquiry, inquiry.plain, {
      statements: issued(inquiry, new Map([[rule, not(rule.formula)]])),
      demands: inquiry.model.demands,
      shows: ({ verdict }) =>
        verdict.outcome === 'refused' && verdict.reasons.some((reason) => reason.rule === refusing),
    });
    const message = `\`ttl.max\` is ${formatDuration(definition.request.ttl.max)}, and the guardrail ${id} allows ${formatDuration(maxTtl)}: ${because}`;
    return example === null ? [] : [{ rule: 'request.ttl', at: 'request.ttl.max', message, example }];
  });
}
